import { expect, it } from "vitest";
import { resolveDecodeConfig } from "./resolve-decode-config.ts";

it("fills in greedy defaults", () => {
  expect(resolveDecodeConfig()).toEqual({
    maxTokens: 256,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: 0,
    logProbabilities: false,
    ignoreEndOfGeneration: false,
  });
});

it.each([
  { maxTokens: 0 },
  { maxTokens: -1 },
  { maxTokens: 1.5 },
  { maxTokens: Number.NaN },
  { maxTokens: Number.POSITIVE_INFINITY },
  { temperature: -0.1 },
  { temperature: Number.NaN },
  { topK: -1 },
  { topP: 1.01 },
  { topP: -0.01 },
  { seed: -1 },
  { seed: 2 ** 32 - 1 },
])("refuses %j", (config) => {
  expect(() => resolveDecodeConfig(config)).toThrow(TypeError);
});
