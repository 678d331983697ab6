import { expect, it } from "vitest";
import { planReuse } from "./plan-reuse.ts";

const upTo = (length: number) => Array.from({ length }, (_, index) => index);
const held = (length: number, change = {}) => ({ tokens: upTo(length), complete: true, sameIdentity: true, ...change });

it.each([
  ["identical", held(300), upTo(300), 300, 300],
  ["identical, a multiple of the chunk", held(256), upTo(256), 256, 256],
  ["identical, but its logits are gone", held(300, { complete: false }), upTo(300), 256, 300],
  ["identical and whole chunks, but its logits are gone", held(256, { complete: false }), upTo(256), 128, 256],
  ["extended", held(300), upTo(400), 256, 300],
  ["extended from whole chunks", held(256), upTo(400), 256, 256],
  ["cut inside a chunk", held(300), upTo(200), 128, 200],
  ["cut at a chunk's border", held(300), upTo(256), 128, 256],
  ["cut one behind a border", held(300), upTo(257), 256, 257],
  ["edited in the middle", held(300), [...upTo(200), 999, ...upTo(99)], 128, 200],
  ["edited at the first token", held(300), [999, ...upTo(299)], 0, 0],
  ["edited at a border", held(300), [...upTo(128), 999], 128, 128],
  ["shorter than a chunk", held(100), upTo(101), 0, 100],
  ["of one chunk, cut", held(300), upTo(128), 0, 128],
  ["of another identity", held(300, { sameIdentity: false }), upTo(300), 0, 300],
  ["on a fresh session", held(0), upTo(300), 0, 0],
  ["empty", held(300), [], 0, 0],
  ["empty on a fresh session", held(0), [], 0, 0],
])("exact reuse of a prefix that is %s", (_, resident, requested, reusedTokens, commonTokens) => {
  expect(planReuse(resident, requested, { policy: "exact", ubatchTokens: 128 })).toEqual({
    reusedTokens,
    commonTokens,
  });
});

it.each([
  ["identical", held(300), upTo(300), 300, 300],
  ["identical, but its logits are gone", held(300, { complete: false }), upTo(300), 299, 300],
  ["extended", held(300), upTo(400), 300, 300],
  ["cut", held(300), upTo(200), 199, 200],
  ["edited in the middle", held(300), [...upTo(200), 999, ...upTo(99)], 200, 200],
  ["edited at the last token", held(300), [...upTo(299), 999], 299, 299],
  ["of another identity", held(300, { sameIdentity: false }), upTo(300), 0, 300],
  ["empty", held(300), [], 0, 0],
])("longest reuse of a prefix that is %s", (_, resident, requested, reusedTokens, commonTokens) => {
  const plan = planReuse(resident, requested, { policy: "longest", ubatchTokens: 128 });
  expect(plan).toEqual({ reusedTokens, commonTokens });
});

it("keeps nothing where nothing can be kept, and still tells what is in common", () => {
  const plan = planReuse(held(300), upTo(300), { policy: "none", ubatchTokens: 128 });
  expect(plan).toEqual({ reusedTokens: 0, commonTokens: 300 });
});
