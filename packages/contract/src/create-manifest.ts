import { sha256 } from "./digest.ts";
import type { Manifest, ManifestIdentity, ManifestSegment } from "./manifest.ts";

/** A named stretch of a prompt's text. */
export interface TextPart {
  /** For example `system`, `rules`, `repo_map`, `file`. */
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

export interface ManifestParts {
  readonly stable: readonly TextPart[];
  readonly volatile: readonly TextPart[];
  /** UTF-8 bytes of suffix text that this turn holds already, before `volatile`. Default 0. */
  readonly heldSuffixBytes?: number | undefined;
}

/**
 * Describes a prompt made of named parts: byte ranges and digests in order, under the identity of the engine that
 * evaluates it.
 */
export function createManifest(identity: ManifestIdentity, parts: ManifestParts): Manifest {
  const stable = placeSegments(parts.stable, true, 0);
  const stableEnd = stable.at(-1)?.bytes.end ?? 0;
  const volatile = placeSegments(parts.volatile, false, stableEnd + (parts.heldSuffixBytes ?? 0));
  return { identity, segments: [...stable, ...volatile] };
}

function placeSegments(parts: readonly TextPart[], stable: boolean, offset: number): ManifestSegment[] {
  let start = offset;
  return parts.map(({ kind, name, text }) => {
    const end = start + Buffer.byteLength(text, "utf8");
    const segment: ManifestSegment = { kind, name, stable, bytes: { start, end }, digest: sha256(text) };
    start = end;
    return segment;
  });
}
