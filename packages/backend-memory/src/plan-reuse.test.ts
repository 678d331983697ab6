import { expect, it } from "vitest";
import { planReuse } from "./plan-reuse.ts";

const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const steps = (granularityTokens: number, wholePrefix: "all" | "all_but_last" | "aligned" = "all") =>
  ({ reuse: "prefix", granularityTokens, wholePrefix }) as const;

it.each([
  ["identical, kept whole", ten, ten, steps(4), 10],
  ["identical, but for its last token", ten, ten, steps(4, "all_but_last"), 9],
  ["identical, up to a step", ten, ten, steps(4, "aligned"), 8],
  ["edited inside a step", ten, [1, 2, 3, 4, 5, 6, 99], steps(4), 4],
  ["edited at a step", ten, [1, 2, 3, 4, 99], steps(4), 4],
  ["extended", ten, [...ten, 11], steps(4), 8],
  ["cut at a step", ten, ten.slice(0, 8), steps(4), 4],
  ["cut, in steps of one", ten, ten.slice(0, 8), steps(1), 7],
  ["on a fresh session", [], ten, steps(1), 0],
  ["empty", ten, [], steps(1), 0],
])("a prefix that is %s", (_, resident, requested, settings, kept) => {
  expect(planReuse(resident, requested, settings)).toBe(kept);
  expect(planReuse(resident, requested, { ...settings, reuse: "none" })).toBe(0);
});
