/** What is timed on both sides. */
export interface SpeedTest {
  readonly phase: "prefill" | "decode";
  /** Tokens that are resident before the clock starts. */
  readonly depth: number;
  /** Evaluated while the clock runs. */
  readonly tokens: number;
}

/** Sizes of all tests of a run. */
export interface SpeedSizes {
  readonly prefillTokens: number;
  readonly decodeTokens: number;
  readonly depth: number;
  /** Samples of each test in a round; the round counts with their median. */
  readonly repetitions: number;
}

export const fullSizes: SpeedSizes = { prefillTokens: 512, decodeTokens: 64, depth: 1024, repetitions: 3 };
export const smokeSizes: SpeedSizes = { prefillTokens: 48, decodeTokens: 6, depth: 96, repetitions: 1 };

/** The tests of a size: prefill and decode, each on an empty cache and behind `depth` tokens. */
export function listTests({ prefillTokens, decodeTokens, depth }: SpeedSizes): readonly SpeedTest[] {
  return [0, depth].flatMap((at): SpeedTest[] => [
    { phase: "prefill", depth: at, tokens: prefillTokens },
    { phase: "decode", depth: at, tokens: decodeTokens },
  ]);
}

/** Tells a test from the others of its run. */
export function nameTest({ phase, depth, tokens }: SpeedTest): string {
  return `${phase} ${tokens} at depth ${depth}`;
}

/** One side's samples of one test. */
export interface TestSamples {
  readonly test: SpeedTest;
  readonly tokensPerSecond: readonly number[];
}
