import { expect, it } from "vitest";
import { KvCache } from "./kv-cache.ts";

function filled(...tokens: number[]): KvCache {
  const cache = new KvCache(16);
  for (const token of tokens) cache.append(token);
  return cache;
}

it("a cell depends on all tokens before it", () => {
  expect(lastCell(filled(1, 2, 3))).not.toEqual(lastCell(filled(9, 2, 3)));
  expect(lastCell(filled(1, 2, 3))).toEqual(lastCell(filled(1, 2, 3)));
});

it("a cell left over from another text changes what attention gives", () => {
  const stale = filled(1, 2, 99, 98);
  stale.trim(3);
  stale.append(4);
  expect(stale.attend()).not.toBe(filled(1, 2, 3, 4).attend());
  stale.trim(2);
  stale.append(3);
  stale.append(4);
  expect(stale.attend()).toBe(filled(1, 2, 3, 4).attend());
});

it("one cell too many or too few changes what attention gives", () => {
  const states = [filled(1, 2), filled(1, 2, 3), filled(1, 2, 3, 3)].map((cache) => cache.attend());
  expect(new Set(states).size).toBe(3);
});

it("is the same after it was saved and loaded, inside a larger buffer too", () => {
  const bytes = filled(1, 2, 3).save();
  const larger = new Uint8Array(bytes.length + 1);
  larger.set(bytes, 1);
  const loaded = new KvCache(16);
  loaded.load(larger.subarray(1));
  expect(loaded.attend()).toBe(filled(1, 2, 3).attend());
});

function lastCell(cache: KvCache): Uint8Array {
  return cache.save().slice(-4);
}
