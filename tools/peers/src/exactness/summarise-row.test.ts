import { expect, test } from "vitest";
import type { CaseOutcome } from "./run-cases.ts";
import { type PromptFinding, summariseCases } from "./summarise-row.ts";

function finding(reuse: CaseOutcome, logits?: number): PromptFinding {
  const cases = { reuse, edit: { ...reuse, reusedTokens: 64 }, abort: reuse, restore: undefined };
  return {
    outcome: { prefixTokens: 100, coldAnswer: [], cases },
    logitDifferences: logits === undefined ? {} : { reuse: logits },
  };
}

test("counts what is identical, keeps the largest differences and the range of reuse", () => {
  const { reuse, edit, restore } = summariseCases([
    finding({ identical: true, difference: 0, reusedTokens: 100 }, 0.5),
    finding({ identical: false, difference: 0.25, reusedTokens: 99 }),
  ]);
  expect(reuse).toEqual({
    identical: 1,
    compared: 2,
    difference: 0.25,
    logitDifference: 0.5,
    logitPrompts: 1,
    wholePrefixes: 1,
    reusedTokens: [99, 100],
  });
  expect(edit).toMatchObject({ logitDifference: null, logitPrompts: 0, reusedTokens: [64, 64] });
  expect(restore).toBeNull();
});
