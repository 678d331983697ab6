import { describe, expect, test } from "vitest";
import { convertContextOptions } from "./convert-context-options.ts";
import { convertGenerateOptions } from "./generate-options.ts";
import { requireInteger, requireText } from "./require.ts";

test("messages name the argument, the range and what was found", () => {
  expect(() => requireInteger("cells", 7.5, 0, 9)).toThrow(
    new RangeError("cells must be a whole number from 0 to 9, not 7.5."),
  );
  expect(() => requireInteger("cells", "7", 0, 9)).toThrow(new TypeError('cells must be a number, not "7".'));
  expect(() => requireInteger("cells", null, 0, 9)).toThrow(new TypeError("cells must be a number, not null."));
  expect(() => requireText("text", "a\ud800")).toThrow(
    new TypeError("text holds a lone surrogate, which is not text."),
  );
});

describe("defaults", () => {
  test("of a context: one call is one chunk of 128, prefill uses the same threads", () => {
    expect(convertContextOptions({ contextTokens: 1000, threads: 3 })).toEqual({
      sequences: 1,
      contextTokens: 1000,
      batchTokens: 128,
      ubatchTokens: 128,
      threads: 3,
      prefillThreads: 3,
      flashAttention: "auto",
      kvCacheTypeK: "f16",
      kvCacheTypeV: "f16",
    });
    expect(convertContextOptions({ contextTokens: 1, threads: 1, ubatchTokens: 64 }).batchTokens).toBe(64);
  });

  test("of a generation: greedy, ending where the model ends, without scores", () => {
    expect(convertGenerateOptions({ maxTokens: 5 })).toEqual({
      maxTokens: 5,
      temperature: 0,
      topK: 40,
      topP: 0.95,
      seed: 0,
      logProbabilities: false,
      ignoreEndOfGeneration: false,
    });
  });
});
