import { expect, it } from "vitest";
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

it("gives back what it packed", async () => {
  const snapshot = await encodeSnapshot(content);
  expect(snapshot).toMatchObject({ format: "benchreport-snapshot/1", prefixTokens: 3, residentTokens: 4 });
  expect(await decodeSnapshot(snapshot)).toEqual(content);
});

it("reads bytes that lie inside a larger buffer", async () => {
  const { bytes } = await encodeSnapshot(content);
  const larger = new Uint8Array(bytes.length + 5);
  larger.set(bytes, 3);
  expect(await decodeSnapshot({ bytes: larger.subarray(3, 3 + bytes.length) })).toEqual(content);
});

it("notices every changed byte and every cut", async () => {
  const { bytes } = await encodeSnapshot(content);
  for (let index = 0; index < bytes.length; index++) {
    const damaged = bytes.slice();
    damaged[index] = (damaged[index] ?? 0) ^ 0x41;
    await expectCorrupt(damaged);
    await expectCorrupt(bytes.subarray(0, index));
  }
  await expectCorrupt(Uint8Array.of(...bytes, 0));
});

async function expectCorrupt(bytes: Uint8Array): Promise<void> {
  await expect(decodeSnapshot({ bytes })).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
}
