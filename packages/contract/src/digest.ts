import { createHash } from "node:crypto";
import canonicalizeJson from "canonicalize";
import type { Manifest, ManifestIdentity } from "./manifest.ts";

/** SHA-256 in hex, of text as UTF-8 or of bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of the RFC 8785 canonical JSON of a value. Throws `TypeError` for what JSON cannot hold. */
export function digestJson(value: unknown): string {
  const canonical = canonicalizeJson(value);
  if (canonical === undefined) throw new TypeError("digestJson: the value has no JSON form");
  return sha256(canonical);
}

/** Digest of the whole manifest, segment names included: the report's `manifestDigest`. */
export function digestManifest(manifest: Manifest): string {
  return digestJson(manifest);
}

/** Digest of what every prompt on one configured engine shares: the report's `profile`. */
export function digestIdentity(identity: ManifestIdentity): string {
  return digestJson(identity);
}

/** SHA-256 over token ids, each as 8 bytes, little endian: `PrefixStatus.tokenHash`. */
export function hashTokens(tokens: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(tokens.length * 8));
  for (let index = 0; index < tokens.length; index++) {
    view.setBigInt64(index * 8, BigInt(tokens[index] ?? 0), true);
  }
  return sha256(new Uint8Array(view.buffer));
}
