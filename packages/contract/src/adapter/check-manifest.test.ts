import { describe, expect, it } from "vitest";
import { createManifest } from "../create-manifest.ts";
import type { Manifest, ManifestSegment } from "../manifest.ts";
import { testIdentity } from "../test-identity.test-helper.ts";
import { checkPrefixManifest, checkSuffixManifest } from "./check-manifest.ts";

const stable = [
  { kind: "system", name: "system", text: "You are größer. " },
  { kind: "rules", name: "rules", text: "Be brief.\n" },
];
const question = [{ kind: "question", name: "question", text: "Why?" }];
const prefixText = stable.map((part) => part.text).join("");
const manifest = createManifest(testIdentity(), { stable, volatile: question });
const resident = { identity: testIdentity(), stableSegments: manifest.segments.slice(0, 2), suffixBytes: 0 };

describe("a prefix's manifest", () => {
  it("that covers its text is accepted, volatile segments or not", () => {
    checkPrefixManifest({ text: prefixText, manifest }, testIdentity());
    checkPrefixManifest(
      { text: prefixText, manifest: { ...manifest, segments: manifest.segments.slice(0, 2) } },
      testIdentity(),
    );
    checkPrefixManifest({ text: "", manifest: { identity: testIdentity(), segments: [] } }, testIdentity());
  });
  it("may carry another prompt format", () => {
    const identity = testIdentity({ promptFormat: "chat" });
    checkPrefixManifest({ text: prefixText, manifest: { ...manifest, identity } }, testIdentity());
  });
  it.each<[string, Manifest, string]>([
    ["another model", { ...manifest, identity: testIdentity({ modelDigest: "x" }) }, "identity.modelDigest"],
    ["a gap", changed(1, { bytes: { start: 19, end: 29 } }), "segments[1].bytes.start"],
    ["an end before its start", changed(0, { bytes: { start: 0, end: -1 } }), "segments[0].bytes.end"],
    ["another text", changed(1, { digest: "x" }), "segments[1].digest"],
    ["a name used twice", changed(1, { name: "system" }), "segments[1].name"],
    ["stable behind volatile", changed(0, { stable: false }), "segments[1].stable"],
    [
      "too little text",
      createManifest(testIdentity(), { stable: stable.slice(0, 1), volatile: [] }),
      "segments[0].bytes.end",
    ],
    ["no segments", { identity: testIdentity(), segments: [] }, "segments"],
  ])("with %s is refused", (_, wrong, field) => {
    expect(() => checkPrefixManifest({ text: prefixText, manifest: wrong }, testIdentity())).toThrow(
      expect.objectContaining({ code: "MANIFEST_MISMATCH", meta: { field } }),
    );
  });
  it("over text with a lone surrogate is a TypeError", () => {
    expect(() => checkPrefixManifest({ text: "\ud800", manifest }, testIdentity())).toThrow(TypeError);
  });
});

describe("a suffix's manifest", () => {
  it("that continues the prefix is accepted", () => {
    checkSuffixManifest({ text: "Why?", manifest }, testIdentity(), resident);
  });
  it("of a second suffix starts behind the first", () => {
    const second = createManifest(testIdentity(), { stable, volatile: question, heldSuffixBytes: 4 });
    checkSuffixManifest({ text: "Why?", manifest: second }, testIdentity(), { ...resident, suffixBytes: 4 });
    expectField(
      () => checkSuffixManifest({ text: "Why?", manifest: second }, testIdentity(), resident),
      "segments[2].bytes.start",
    );
  });
  it("whose name is that of a stable segment is refused", () => {
    const volatile = [{ kind: "question", name: "rules", text: "Why?" }];
    const twice = createManifest(testIdentity(), { stable, volatile });
    expectField(
      () => checkSuffixManifest({ text: "Why?", manifest: twice }, testIdentity(), resident),
      "segments[2].name",
    );
  });
  it("on a fresh session stands behind nothing", () => {
    const alone = createManifest(testIdentity(), { stable: [], volatile: question });
    checkSuffixManifest({ text: "Why?", manifest: alone }, testIdentity(), undefined);
    expectField(() => checkSuffixManifest({ text: "Why?", manifest }, testIdentity(), undefined), "segments");
  });
  it("with other stable segments is refused", () => {
    const other = createManifest(testIdentity(), {
      stable: [{ kind: "system", name: "system", text: "You are smaller.. " }, ...stable.slice(1)],
      volatile: question,
    });
    expectField(
      () => checkSuffixManifest({ text: "Why?", manifest: other }, testIdentity(), resident),
      "segments[0].digest",
    );
  });
  it("with another prompt format than the prefix's is refused", () => {
    const format = { ...manifest, identity: testIdentity({ promptFormat: "chat" }) };
    expectField(
      () => checkSuffixManifest({ text: "Why?", manifest: format }, testIdentity(), resident),
      "identity.promptFormat",
    );
  });
  it("over another text is refused", () => {
    expectField(() => checkSuffixManifest({ text: "Who?", manifest }, testIdentity(), resident), "segments[2].digest");
  });
});

function changed(index: number, change: Partial<ManifestSegment>): Manifest {
  const segments = manifest.segments.map((segment, at) => (at === index ? { ...segment, ...change } : segment));
  return { ...manifest, segments };
}

function expectField(call: () => void, field: string): void {
  expect(call).toThrow(expect.objectContaining({ code: "MANIFEST_MISMATCH", meta: { field } }));
}
