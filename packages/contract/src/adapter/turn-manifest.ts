import { digestManifest } from "../digest.ts";
import { explainMismatch } from "../explain-mismatch.ts";
import type { ManifestIdentity } from "../manifest.ts";
import type { PrefixInput } from "../prefix.ts";
import type { SuffixInput } from "../suffix.ts";
import { checkPrefixManifest, checkSuffixManifest, type ResidentManifest } from "./check-manifest.ts";

/** What a session remembers of its turn's manifest: it judges what comes next by it. */
export class TurnManifest {
  readonly #backend: ManifestIdentity;
  #resident: ResidentManifest | undefined;
  #digest: string | undefined;

  constructor(backend: ManifestIdentity) {
    this.#backend = backend;
  }

  /** Undefined on a fresh session. */
  get resident(): ResidentManifest | undefined {
    return this.#resident;
  }

  /** Digest of the last manifest that was accepted. */
  get digest(): string | undefined {
    return this.#digest;
  }

  /** @throws `MANIFEST_MISMATCH` · `TypeError` for a lone surrogate. */
  checkPrefix(input: PrefixInput): void {
    checkPrefixManifest(input, this.#backend);
  }

  /** @throws `MANIFEST_MISMATCH` · `TypeError` for a lone surrogate. */
  checkSuffix(input: SuffixInput): void {
    checkSuffixManifest(input, this.#backend, this.#resident);
  }

  /** The caller's identity field in which a prefix differs from what is resident: nothing may be reused then. */
  changedField(input: PrefixInput): string | undefined {
    return this.#resident && explainMismatch(this.#resident.identity, input.manifest.identity, "caller");
  }

  /** A new turn begins with this prefix. */
  beginTurn({ manifest }: PrefixInput): void {
    const stableSegments = manifest.segments.filter((segment) => segment.stable);
    this.#resident = { identity: manifest.identity, stableSegments, suffixBytes: 0 };
    this.#digest = digestManifest(manifest);
  }

  /** The turn was continued by this suffix. */
  addSuffix({ manifest, text }: SuffixInput): void {
    const resident = this.#resident ?? { identity: manifest.identity, stableSegments: [], suffixBytes: 0 };
    this.#resident = { ...resident, suffixBytes: resident.suffixBytes + Buffer.byteLength(text, "utf8") };
    this.#digest = digestManifest(manifest);
  }

  /** Takes over what a snapshot holds; `undefined`: nothing is resident. */
  restore(resident: ResidentManifest | undefined): void {
    this.#resident = resident;
    this.#digest = undefined;
  }
}
