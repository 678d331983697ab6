import { expect, it } from "vitest";
import { explainMiss, type ReuseDecision } from "./explain-miss.ts";

const decision: ReuseDecision = {
  residentTokens: 10,
  requestedTokens: 10,
  commonTokens: 10,
  reusedTokens: 8,
  supported: true,
  changedField: undefined,
  abortedBefore: false,
};

it("has nothing to say about a prefix that was reused whole", () => {
  expect(explainMiss({ ...decision, reusedTokens: 10 })).toBeUndefined();
});

it.each<[Partial<ReuseDecision>, string, number]>([
  [{}, "steps", 2],
  [{ commonTokens: 5, reusedTokens: 4 }, "edited", 1],
  [{ requestedTokens: 12 }, "extended", 2],
  [{ requestedTokens: 9, commonTokens: 9 }, "truncated", 1],
  [{ residentTokens: 0, commonTokens: 0, reusedTokens: 0 }, "nothing_resident", 0],
  [{ abortedBefore: true, commonTokens: 9 }, "aborted_before", 1],
  [{ supported: false, reusedTokens: 0 }, "not_supported", 10],
])("explains %j as %s", (change, reason, roundedDownTokens) => {
  expect(explainMiss({ ...decision, ...change })).toMatchObject({ reason, roundedDownTokens });
});

it("names the identity field that changed", () => {
  const miss = explainMiss({ ...decision, reusedTokens: 0, changedField: "templateDigest" });
  expect(miss).toMatchObject({ reason: "manifest_changed", field: "templateDigest" });
});
