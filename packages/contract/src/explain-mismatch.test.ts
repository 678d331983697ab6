import { expect, it } from "vitest";
import { explainMismatch } from "./explain-mismatch.ts";
import type { ManifestIdentity } from "./manifest.ts";
import { testIdentity } from "./test-identity.test-helper.ts";

const changes: [string, Partial<ManifestIdentity>][] = [
  ["backend", { backend: "other" }],
  ["backendVersion", { backendVersion: "2" }],
  ["device", { device: "GPU" }],
  ["modelDigest", { modelDigest: "n" }],
  ["tokenizerDigest", { tokenizerDigest: "u" }],
  ["promptFormat", { promptFormat: "chat" }],
  ["templateDigest", { templateDigest: "x" }],
  ["addBos", { addBos: true }],
  ["numerics.kvCacheType", { numerics: { ubatchTokens: 128, kvCacheType: "q8_0" } }],
  ["numerics.threads", { numerics: { ubatchTokens: 128, kvCacheType: "f16", threads: 2 } }],
];

it("finds no difference between equal identities", () => {
  expect(explainMismatch(testIdentity(), testIdentity())).toBeUndefined();
});

it.each(changes)("names %s", (field, change) => {
  expect(explainMismatch(testIdentity(), testIdentity(change))).toBe(field);
  expect(explainMismatch(testIdentity(change), testIdentity())).toBe(field);
});

it("names the first of several differences", () => {
  expect(explainMismatch(testIdentity(), testIdentity({ addBos: true, device: "GPU" }))).toBe("device");
});

it("tells the caller's fields from the backend's", () => {
  const format = testIdentity({ promptFormat: "chat" });
  const device = testIdentity({ device: "GPU", numerics: {} });
  expect(explainMismatch(testIdentity(), format, "backend")).toBeUndefined();
  expect(explainMismatch(testIdentity(), format, "caller")).toBe("promptFormat");
  expect(explainMismatch(testIdentity(), device, "backend")).toBe("device");
  expect(explainMismatch(testIdentity(), device, "caller")).toBeUndefined();
});
