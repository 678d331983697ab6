import { expect, test } from "vitest";
import { largestDifference } from "./replay-logits.ts";

const steps = (...values: number[][]): Float32Array[] => values.map((step) => Float32Array.from(step));

test("the largest difference is found in any step", () => {
  expect(largestDifference(steps([1, 2], [3, 4]), steps([1, 2], [3, 4]))).toBe(0);
  expect(largestDifference(steps([1, 2], [3, 4]), steps([1, 2.5], [3, 4.25]))).toBe(0.5);
  expect(largestDifference(steps([1], [3]), steps([1], [-3]))).toBe(6);
});

test("what is missing or no number differs without a limit", () => {
  expect(largestDifference(steps([1], [3]), steps([1]))).toBe(Number.POSITIVE_INFINITY);
  expect(largestDifference(steps([1, 2]), steps([1]))).toBe(Number.POSITIVE_INFINITY);
  expect(largestDifference(steps([1, Number.NaN]), steps([1, 2]))).toBe(Number.POSITIVE_INFINITY);
});
