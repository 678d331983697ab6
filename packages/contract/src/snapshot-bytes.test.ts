import { expect, it } from "vitest";
import { BenchreportError } from "./errors.ts";
import { decodeSnapshot, encodeSnapshot, type SnapshotContent } from "./snapshot-bytes.ts";
import { testIdentity } from "./test-identity.test-helper.ts";

const content: SnapshotContent = {
  identity: testIdentity(),
  stableSegments: [{ kind: "rules", name: "rules", stable: true, bytes: { start: 0, end: 3 }, digest: "d" }],
  suffixBytes: 4,
  tokens: [5, 6, 7, 8],
  prefixTokens: 3,
  sealedTokens: 2,
  pending: true,
  prefixLogits: Float32Array.of(0.5, -1.25),
  lastLogits: undefined,
  state: Uint8Array.of(9, 8, 7),
};

it("gives back what it packed", () => {
  const snapshot = encodeSnapshot(content);
  expect(snapshot).toMatchObject({ format: "benchreport-snapshot/1", prefixTokens: 3, residentTokens: 4 });
  expect(decodeSnapshot(snapshot)).toEqual(content);
});

it("reads bytes that lie inside a larger buffer", () => {
  const { bytes } = encodeSnapshot(content);
  const larger = new Uint8Array(bytes.length + 5);
  larger.set(bytes, 3);
  expect(decodeSnapshot({ bytes: larger.subarray(3, 3 + bytes.length) })).toEqual(content);
});

it("notices every changed byte and every cut", () => {
  const { bytes } = encodeSnapshot(content);
  for (let index = 0; index < bytes.length; index++) {
    const damaged = bytes.slice();
    damaged[index] = (damaged[index] ?? 0) ^ 0x41;
    expectCorrupt(damaged);
    expectCorrupt(bytes.subarray(0, index));
  }
  expectCorrupt(Uint8Array.of(...bytes, 0));
});

function expectCorrupt(bytes: Uint8Array): void {
  try {
    decodeSnapshot({ bytes });
  } catch (error) {
    if (BenchreportError.is(error, "SNAPSHOT_CORRUPT")) return;
    throw error;
  }
  throw new Error("damaged bytes were accepted");
}
