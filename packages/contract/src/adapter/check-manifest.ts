import { sha256 } from "../digest.ts";
import { BenchreportError } from "../errors.ts";
import { explainMismatch } from "../explain-mismatch.ts";
import type { ManifestIdentity, ManifestSegment } from "../manifest.ts";
import type { PrefixInput } from "../prefix.ts";
import type { SuffixInput } from "../suffix.ts";

/** What a session must remember of its turn to check the next suffix against. */
export interface ResidentManifest {
  readonly identity: ManifestIdentity;
  readonly stableSegments: readonly ManifestSegment[];
  /** UTF-8 bytes of suffix text that the turn holds already. */
  readonly suffixBytes: number;
}

/**
 * Checks that a prefix's manifest belongs to this backend and covers its text, segment by segment.
 *
 * @throws `MANIFEST_MISMATCH` with `meta.field` · `TypeError` for a lone surrogate.
 */
export function checkPrefixManifest(input: PrefixInput, backend: ManifestIdentity): void {
  assertWellFormed(input.text);
  assertIdentity(input.manifest.identity, backend, "backend");
  const { segments } = input.manifest;
  const stableCount = countStable(segments);
  assertOrder(segments, 0, 0);
  assertUniqueNames(segments);
  assertCover(segments.slice(0, stableCount), input.text, 0, 0);
}

/**
 * Checks that a suffix's manifest continues the resident turn: same identity, same stable segments, volatile segments
 * that cover its text.
 *
 * @throws `MANIFEST_MISMATCH` with `meta.field` · `TypeError` for a lone surrogate.
 */
export function checkSuffixManifest(
  input: SuffixInput,
  backend: ManifestIdentity,
  resident: ResidentManifest | undefined,
): void {
  assertWellFormed(input.text);
  const { identity, segments } = input.manifest;
  assertIdentity(identity, backend, "backend");
  if (resident !== undefined) assertIdentity(identity, resident.identity, "caller");
  const stableCount = countStable(segments);
  assertSameStable(segments.slice(0, stableCount), resident?.stableSegments ?? []);
  const stableEnd = segments[stableCount - 1]?.bytes.end ?? 0;
  const start = stableEnd + (resident?.suffixBytes ?? 0);
  assertOrder(segments.slice(0, stableCount), 0, 0);
  assertOrder(segments.slice(stableCount), start, stableCount);
  assertUniqueNames(segments);
  assertCover(segments.slice(stableCount), input.text, start, stableCount);
}

/** Throws `TypeError` for text that has no UTF-8 form. */
export function assertWellFormed(text: string): void {
  if (typeof text !== "string") throw new TypeError(`text must be a string, not ${typeof text}`);
  if (!text.isWellFormed()) {
    throw new TypeError("text holds a lone surrogate, which has no UTF-8 form; use toWellFormed() to replace it");
  }
}

function assertIdentity(identity: ManifestIdentity, expected: ManifestIdentity, scope: "backend" | "caller"): void {
  const field = explainMismatch(identity, expected, scope);
  if (field === undefined) return;
  const owner = scope === "backend" ? "this backend" : "the resident prefix";
  throw mismatch(`identity.${field}`, `it differs from that of ${owner}`);
}

function countStable(segments: readonly ManifestSegment[]): number {
  const firstVolatile = segments.findIndex((segment) => !segment.stable);
  const count = firstVolatile === -1 ? segments.length : firstVolatile;
  const late = segments.findIndex((segment, index) => index >= count && segment.stable);
  if (late !== -1) throw mismatch(`segments[${late}].stable`, "a stable segment stands behind a volatile one");
  return count;
}

/** Checks that segments lie end to end; `firstIndex` is the place of the first of them in the manifest. */
function assertOrder(segments: readonly ManifestSegment[], start: number, firstIndex: number): void {
  let expected = start;
  for (const [index, { bytes }] of segments.entries()) {
    const field = `segments[${firstIndex + index}].bytes`;
    if (bytes.start !== expected)
      throw mismatch(`${field}.start`, `it is ${bytes.start}, and ${expected} was expected`);
    if (!Number.isSafeInteger(bytes.end) || bytes.end < bytes.start) {
      throw mismatch(`${field}.end`, `${bytes.end} lies before its start, ${bytes.start}`);
    }
    expected = bytes.end;
  }
}

function assertUniqueNames(segments: readonly ManifestSegment[]): void {
  const names = new Set<string>();
  for (const [index, { name }] of segments.entries()) {
    if (names.has(name)) throw mismatch(`segments[${index}].name`, `"${name}" is used twice`);
    names.add(name);
  }
}

function assertCover(segments: readonly ManifestSegment[], text: string, start: number, firstIndex: number): void {
  const bytes = Buffer.from(text, "utf8");
  const covered = (segments.at(-1)?.bytes.end ?? start) - start;
  if (covered !== bytes.length) {
    const field = segments.length === 0 ? "segments" : `segments[${firstIndex + segments.length - 1}].bytes.end`;
    throw mismatch(field, `the segments cover ${covered} bytes of a text of ${bytes.length}`);
  }
  for (const [index, segment] of segments.entries()) {
    const digest = sha256(bytes.subarray(segment.bytes.start - start, segment.bytes.end - start));
    if (digest !== segment.digest) {
      throw mismatch(`segments[${firstIndex + index}].digest`, "the text in its bytes is another");
    }
  }
}

function assertSameStable(segments: readonly ManifestSegment[], resident: readonly ManifestSegment[]): void {
  if (segments.length !== resident.length) {
    throw mismatch("segments", `${segments.length} stable segments, and the resident prefix has ${resident.length}`);
  }
  for (const [index, segment] of segments.entries()) {
    const other = resident[index];
    if (segment.digest !== other?.digest || segment.bytes.end !== other.bytes.end) {
      throw mismatch(`segments[${index}].digest`, "the resident prefix holds another text there");
    }
  }
}

function mismatch(field: string, why: string): BenchreportError {
  return new BenchreportError("MANIFEST_MISMATCH", {
    what: `The manifest's ${field} does not fit: ${why}.`,
    why: "A manifest names exactly what the KV cache depends on; with a wrong one, reuse could not be trusted.",
    fix: "Build the manifest with createManifest from the very texts, and the identity from backend.describe().",
    meta: { field },
  });
}
