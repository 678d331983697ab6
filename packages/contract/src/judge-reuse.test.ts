import { expect, it } from "vitest";
import { judgeReuse } from "./judge-reuse.ts";

it.each([
  [8, 8, 10, "as_predicted"],
  [7, 8, 10, "lost"],
  [0, 8, 10, "lost"],
  [9, 8, 10, "more"],
  [10, 8, 10, "more"],
  [11, 8, 10, "stale"],
  [undefined, 8, 10, "unjudged"],
  [5, undefined, 10, "unjudged"],
  [11, undefined, 10, "stale"],
] as const)("judges %s reused of %s predicted and %s common as %s", (reused, predicted, common, outcome) => {
  expect(judgeReuse(reused, { reusedTokens: predicted, commonTokens: common })).toBe(outcome);
});
