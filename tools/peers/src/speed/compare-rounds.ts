import { summariseMetric } from "@benchreport/runner";
import { nameTest, type SpeedTest, type TestSamples } from "./speed-tests.ts";

/** One round: the same tests, on both sides, one side right after the other. */
export interface SpeedRound {
  readonly ours: readonly TestSamples[];
  readonly theirs: readonly TestSamples[];
}

/** Our rate as a part of theirs: above 1 we are faster. */
export interface SpeedComparison {
  readonly test: SpeedTest;
  /** Medians of the rounds, in tokens per second. */
  readonly ours: number;
  readonly theirs: number;
  /** Of each round: ratio of the medians of its samples. */
  readonly ratios: readonly number[];
  readonly ratio: number;
  /** Of the median ratio, and how often such an interval holds it; absent for one round. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly intervalCoverage: number | null;
}

/** Compares the sides round by round, so that what slowed a whole round slowed both. */
export function compareRounds(rounds: readonly SpeedRound[]): SpeedComparison[] {
  const tests = rounds[0]?.ours.map(({ test }) => test) ?? [];
  return tests.map((test) => {
    const pairs = rounds.map(({ ours, theirs }) => ({ ours: rateOf(ours, test), theirs: rateOf(theirs, test) }));
    const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
    const ratio = summarise(ratios);
    return {
      test,
      ours: summarise(pairs.map(({ ours }) => ours)).median,
      theirs: summarise(pairs.map(({ theirs }) => theirs)).median,
      ratios,
      ratio: ratio.median,
      interval: ratio.interval,
      intervalCoverage: ratio.interval_coverage,
    };
  });
}

function rateOf(side: readonly TestSamples[], test: SpeedTest): number {
  const found = side.find((samples) => nameTest(samples.test) === nameTest(test));
  return summarise(found?.tokensPerSecond ?? []).median;
}

function summarise(values: readonly number[]): NonNullable<ReturnType<typeof summariseMetric>> {
  const summary = summariseMetric(values);
  if (summary === undefined) throw new RangeError("compareRounds: both sides must run the same tests in every round");
  return summary;
}
