import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { createManifest } from "./create-manifest.ts";
import { digestIdentity, digestJson, digestManifest, hashTokens, sha256 } from "./digest.ts";
import { testIdentity } from "./test-identity.test-helper.ts";

it("digests RFC 8785 canonical JSON: sorted keys, shortest numbers, minimal escapes", () => {
  // The sample of RFC 8785, section 3.2.2, shortened.
  const value = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
    string: '€$\u000f\nA\'B"\\\\"/',
    literals: [null, true],
  };
  const canonical =
    '{"literals":[null,true],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  expect(digestJson(value)).toBe(createHash("sha256").update(canonical).digest("hex"));
});

it("does not depend on the order of keys", () => {
  const { backend, ...rest } = testIdentity();
  expect(digestIdentity({ ...rest, backend })).toBe(digestIdentity(testIdentity()));
});

it("tells identities, texts and segment names apart", () => {
  const part = (name: string, text: string) => ({ stable: [{ kind: "rules", name, text }], volatile: [] });
  const digests = [
    digestManifest(createManifest(testIdentity(), part("a", "text"))),
    digestManifest(createManifest(testIdentity(), part("b", "text"))),
    digestManifest(createManifest(testIdentity(), part("a", "other"))),
    digestManifest(createManifest(testIdentity({ device: "GPU" }), part("a", "text"))),
  ];
  expect(new Set(digests).size).toBe(4);
});

it("hashes tokens as 8 bytes each, little endian", () => {
  expect(hashTokens([1, 258])).toBe(sha256(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0)));
  expect(hashTokens([])).toBe(sha256(""));
});

it("refuses what JSON cannot hold", () => {
  expect(() => digestJson(undefined)).toThrow(TypeError);
  expect(() => digestJson({ value: Number.NaN })).toThrow();
});
