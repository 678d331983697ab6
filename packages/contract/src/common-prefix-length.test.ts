import { expect, it } from "vitest";
import { commonPrefixLength } from "./common-prefix-length.ts";

it.each([
  [[], [], 0],
  [[1], [], 0],
  [[1, 2, 3], [1, 2, 3], 3],
  [[1, 2, 3], [1, 2], 2],
  [[1, 2], [1, 2, 3], 2],
  [[1, 2, 3], [1, 9, 3], 1],
  [[7], [8], 0],
])("of %j and %j is %i", (left, right, length) => {
  expect(commonPrefixLength(left, right)).toBe(length);
  expect(commonPrefixLength(Int32Array.from(left), right)).toBe(length);
});
