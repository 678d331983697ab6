import type { ManifestIdentity } from "./manifest.ts";

/** An identity for tests, with some fields replaced. */
export function testIdentity(changes: Partial<ManifestIdentity> = {}): ManifestIdentity {
  return {
    backend: "test",
    backendVersion: "1",
    device: "CPU",
    modelDigest: "m",
    tokenizerDigest: "t",
    promptFormat: "raw",
    templateDigest: null,
    addBos: false,
    numerics: { ubatchTokens: 128, kvCacheType: "f16" },
    ...changes,
  };
}
