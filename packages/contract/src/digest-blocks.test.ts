import { expect, it } from "vitest";
import { sha256 } from "./digest.ts";
import { digestBlocks } from "./digest-blocks.ts";

it("digests each MiB apart, in order", async () => {
  const bytes = Uint8Array.from({ length: 5 * 2 ** 20 + 7 }, (_, index) => (index * 31) >> 8);
  const digests = await digestBlocks(bytes);
  expect(digests.length).toBe(6);
  expect(digests).toEqual(digests.map((_, index) => sha256(bytes.subarray(index * 2 ** 20, (index + 1) * 2 ** 20))));
});

it("has nothing to say of nothing", async () => {
  expect(await digestBlocks(new Uint8Array(0))).toEqual([]);
});

it("reads memory that threads share, and views that begin anywhere", async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(9)).fill(3);
  expect(await digestBlocks(shared.subarray(2))).toEqual([sha256(Uint8Array.from({ length: 7 }, () => 3))]);
});
