import { expect, test } from "vitest";
import { compareRounds } from "./compare-rounds.ts";
import type { SpeedTest, TestSamples } from "./speed-tests.ts";

const prefill: SpeedTest = { phase: "prefill", depth: 0, tokens: 512 };
const decode: SpeedTest = { phase: "decode", depth: 1024, tokens: 64 };
const samples = (test: SpeedTest, ...tokensPerSecond: number[]): TestSamples => ({ test, tokensPerSecond });

test("ratios are formed in each round, of medians, whatever the order of the tests", () => {
  const rounds = [
    {
      ours: [samples(prefill, 99, 1, 100), samples(decode, 50)],
      theirs: [samples(decode, 100), samples(prefill, 90, 110, 1000)],
    },
    { ours: [samples(prefill, 60), samples(decode, 40)], theirs: [samples(prefill, 50), samples(decode, 40)] },
    { ours: [samples(prefill, 50), samples(decode, 30)], theirs: [samples(prefill, 100), samples(decode, 40)] },
  ];
  expect(compareRounds(rounds)).toEqual([
    {
      test: prefill,
      ours: 60,
      theirs: 100,
      ratios: [0.9, 1.2, 0.5],
      ratio: 0.9,
      interval: [0.5, 1.2],
      intervalCoverage: expect.closeTo(0.75),
    },
    {
      test: decode,
      ours: 40,
      theirs: 40,
      ratios: [0.5, 1, 0.75],
      ratio: 0.75,
      interval: [0.5, 1],
      intervalCoverage: expect.closeTo(0.75),
    },
  ]);
});

test("one round has no interval", () => {
  const [comparison] = compareRounds([{ ours: [samples(prefill, 2)], theirs: [samples(prefill, 4)] }]);
  expect(comparison).toMatchObject({ ratio: 0.5, interval: null, intervalCoverage: null });
});

test("sides that ran other tests are not compared", () => {
  expect(() => compareRounds([{ ours: [samples(prefill, 2)], theirs: [samples(decode, 4)] }])).toThrow(RangeError);
});
