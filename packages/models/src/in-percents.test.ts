import { expect, test } from "vitest";
import { inPercents } from "./in-percents.ts";

test("a fraction is passed on once for each whole percent, and never past 1", () => {
  const fractions: number[] = [];
  const report = inPercents(1000, (fraction) => fractions.push(fraction));
  for (const bytes of [0, 5, 10, 11, 19, 20, 1000, 1200]) report(bytes);
  expect(fractions).toEqual([0, 0.01, 0.02, 1]);
});

test("nothing to do is done", () => {
  const fractions: number[] = [];
  inPercents(0, (fraction) => fractions.push(fraction))(0);
  expect(fractions).toEqual([1]);
});
