import type { Capabilities } from "@benchreport/contract";
import type { TurnSample } from "../measure/sample.ts";
import type { TurnRole, TurnStep } from "../plan/step.ts";

export const testCapabilities: Capabilities = {
  reuse: { trim: "any", granularityTokens: 1, from: "prefix", wholePrefix: "all", counting: "physical", exact: false },
  phases: "separate",
  tokenIds: true,
  logProbabilities: true,
  snapshot: false,
  decodeWithoutSuffix: true,
  ignoreEndOfGeneration: true,
  cancel: "chunk",
  maxContextTokens: undefined,
  maxSessions: undefined,
};

export function capabilitiesWith(
  reuse: Partial<Capabilities["reuse"]>,
  rest: Partial<Capabilities> = {},
): Capabilities {
  return { ...testCapabilities, ...rest, reuse: { ...testCapabilities.reuse, ...reuse } };
}

export const tenTokens: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Changes to a sample; `prefix` and `suffix` name its texts. */
export interface SampleChange extends Partial<Omit<TurnSample, "step">> {
  readonly step?: Partial<TurnStep> | undefined;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

/** A cold measured turn of 100 prefix tokens and ten answer tokens, with changes. */
export function turnSample(change: SampleChange = {}): TurnSample {
  const { step, prefix = "stable", suffix = "suffix", ...rest } = change;
  const request = {
    prefix: { name: prefix, text: `text of ${prefix}` },
    suffix: { name: suffix, text: `text of ${suffix}` },
    decodeTokens: 10,
    logProbabilities: false,
  };
  return {
    kind: "turn",
    step: {
      kind: "turn",
      role: "measured",
      section: undefined,
      partOf: undefined,
      repetition: 1,
      session: "fresh",
      request,
      label: undefined,
      ...step,
    } as TurnStep,
    prediction: { reusedTokens: 0, commonTokens: 0 },
    judged: "as_predicted",
    segment: undefined,
    prefixMs: 100,
    suffixMs: 10,
    ttftMs: 111,
    decodeMs: 90,
    itlMs: [],
    turnMs: 200,
    tokenizeMs: undefined,
    prefixTokens: 100,
    reusedTokens: 0,
    prefilledTokens: 100,
    suffixTokens: 10,
    outputTokens: 10,
    miss: undefined,
    finishReason: "length",
    tokenIds: tenTokens,
    text: "",
    logProbabilities: undefined,
    margins: undefined,
    stampLagMs: 0,
    futureStamps: 0,
    ...rest,
  };
}

export function coldTurn(change: SampleChange = {}): TurnSample {
  return turnSample({ ...change, step: { section: "cold_full_prefill", ...change.step } });
}

export function warmTurn(change: SampleChange = {}): TurnSample {
  const warm = {
    reusedTokens: 100,
    prefilledTokens: 0,
    prediction: { reusedTokens: 100, commonTokens: 100 },
    prefixMs: 1,
    ttftMs: 12,
  };
  return turnSample({ ...warm, ...change, step: { section: "warm_same_prefix", session: "warm", ...change.step } });
}

export function turnOf(role: TurnRole, change: SampleChange = {}): TurnSample {
  return turnSample({ ...change, step: { role, section: undefined, repetition: undefined, ...change.step } });
}
