import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Capabilities } from "./capabilities.ts";
import { predictReuse } from "./predict-reuse.ts";

type Reuse = Capabilities["reuse"];

const base: Reuse = {
  trim: "any",
  granularityTokens: 4,
  from: "prefix",
  wholePrefix: "all",
  counting: "physical",
  exact: true,
};

function predict(resident: number[], requested: number[], reuse: Partial<Reuse> = {}, sameIdentity = true) {
  return predictReuse({ tokens: resident, sameIdentity }, requested, { ...base, ...reuse });
}

const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe("an identical prefix", () => {
  it("is reused whole where the engine keeps its last logits", () => {
    expect(predict(ten, ten, { wholePrefix: "all" }).reusedTokens).toBe(10);
  });
  it("is reused but for its last token", () => {
    expect(predict(ten, ten, { wholePrefix: "all_but_last" }).reusedTokens).toBe(9);
  });
  it("is reused up to the last step below its last token", () => {
    expect(predict(ten, ten, { wholePrefix: "aligned" }).reusedTokens).toBe(8);
    expect(predict(ten.slice(0, 8), ten.slice(0, 8), { wholePrefix: "aligned" }).reusedTokens).toBe(4);
    expect(predict(ten.slice(0, 9), ten.slice(0, 9), { wholePrefix: "aligned" }).reusedTokens).toBe(8);
  });
});

describe("any other prefix", () => {
  it("that was edited is reused up to the last step below the edit", () => {
    expect(predict(ten, [1, 2, 3, 4, 5, 99, 7, 8, 9, 10])).toEqual({ reusedTokens: 4, commonTokens: 5 });
    expect(predict(ten, [99, 2, 3])).toEqual({ reusedTokens: 0, commonTokens: 0 });
  });
  it("that was extended is reused up to the last step of the old one", () => {
    expect(predict(ten, [...ten, 11])).toEqual({ reusedTokens: 8, commonTokens: 10 });
  });
  it("that was cut short evaluates at least its last token", () => {
    expect(predict(ten, ten.slice(0, 8))).toEqual({ reusedTokens: 4, commonTokens: 8 });
    expect(predict(ten, ten.slice(0, 9))).toEqual({ reusedTokens: 8, commonTokens: 9 });
    expect(predict(ten, ten.slice(0, 8), { granularityTokens: 1 }).reusedTokens).toBe(7);
  });
  it("that ends inside everything resident is a truncation, not identical", () => {
    expect(predict([...ten, 50, 51], ten, { from: "resident", granularityTokens: 1 }).reusedTokens).toBe(9);
  });
});

describe("nothing is reused", () => {
  it("on a fresh session", () => expect(predict([], ten)).toEqual({ reusedTokens: 0, commonTokens: 0 }));
  it("for an empty prefix", () => expect(predict(ten, []).reusedTokens).toBe(0));
  it("when the identity changed", () => {
    expect(predict(ten, ten, {}, false)).toEqual({ reusedTokens: 0, commonTokens: 10 });
  });
  it("by an engine without reuse", () => expect(predict(ten, ten, { trim: "none" }).reusedTokens).toBe(0));
});

it("makes no prediction for an engine that chooses its own checkpoints", () => {
  expect(predict(ten, ten, { trim: "checkpoint" })).toEqual({ reusedTokens: undefined, commonTokens: 10 });
});

it("agrees with a cache that tries every length", () => {
  const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 24 });
  const wholePrefix = fc.constantFrom<Reuse["wholePrefix"]>("all", "all_but_last", "aligned");
  fc.assert(
    fc.property(tokens, tokens, fc.integer({ min: 1, max: 9 }), wholePrefix, fc.boolean(), (a, b, g, whole, same) => {
      const requested = same ? a : b;
      const predicted = predict(a, requested, { granularityTokens: g, wholePrefix: whole }).reusedTokens;
      expect(predicted).toBe(naiveReuse(a, requested, g, whole));
    }),
    { numRuns: 2000 },
  );
});

/** Tries each length from the longest down and takes the first that a cache could honour. */
function naiveReuse(resident: number[], requested: number[], g: number, whole: Reuse["wholePrefix"]): number {
  const identical = JSON.stringify(resident) === JSON.stringify(requested);
  for (let length = requested.length; length > 0; length--) {
    const holds = JSON.stringify(resident.slice(0, length)) === JSON.stringify(requested.slice(0, length));
    const leavesOne = length < requested.length;
    const allowed =
      identical && whole === "all"
        ? true
        : identical && whole === "all_but_last"
          ? leavesOne
          : leavesOne && length % g === 0;
    if (holds && allowed) return length;
  }
  return 0;
}
