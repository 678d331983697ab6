import type { Report, Verdict } from "@benchreport/report";
import type { Sample, TurnSample } from "../measure/sample.ts";
import { medianOrNull } from "../statistics/summarise-metric.ts";
import {
  comparableInputs,
  comparedTokens,
  fewestComparedTokens,
  findDivergence,
  referenceOf,
} from "../verdicts/compare-answers.ts";
import { decodeRate, promptRate } from "./map-sample.ts";
import { curvePoints, turnsOf } from "./summarise-sections.ts";

type SeedSections = Pick<
  Report,
  | "cold_full_prefill"
  | "warm_same_prefix"
  | "warm_changed_suffix"
  | "edited_stable_segment"
  | "decode"
  | "suffix_ttft_curve"
  | "failure_cases"
>;

/**
 * The original report's numbers: medians of times and rates, the first of counts, which agree in all repetitions or
 * fail a claim.
 */
export function summariseSeedSections(samples: readonly Sample[], verdicts: readonly Verdict[]): SeedSections {
  const cold = turnsOf("cold_full_prefill", samples);
  const same = turnsOf("warm_same_prefix", samples);
  const changed = turnsOf("warm_changed_suffix", samples);
  const decode = turnsOf("decode", samples);
  const [edited] = turnsOf("edited_stable_segment", samples);
  const turns = samples.filter((sample): sample is TurnSample => sample.kind === "turn");
  return {
    cold_full_prefill: {
      tokens: cold[0]?.prefixTokens ?? null,
      ms: medianOrNull(cold.map((turn) => turn.prefixMs)),
      prompt_tps: medianOrNull(cold.map(promptRate)),
      ttft_ms: medianOrNull(cold.map((turn) => turn.ttftMs)),
    },
    warm_same_prefix: {
      cached_tokens: same[0]?.reusedTokens ?? null,
      new_tokens: same[0]?.prefilledTokens ?? null,
      ms: medianOrNull(same.map((turn) => turn.prefixMs)),
      ttft_ms: medianOrNull(same.map((turn) => turn.ttftMs)),
      hit_rate: hitRate(same[0]),
    },
    warm_changed_suffix: {
      cached_tokens: changed[0]?.reusedTokens ?? null,
      suffix_tokens: changed[0]?.suffixTokens ?? null,
      ms: medianOrNull(changed.map((turn) => turn.suffixMs)),
      ttft_ms: medianOrNull(changed.map((turn) => turn.ttftMs)),
      output_equals_cold: answersAsCold(changed[0], turns),
    },
    edited_stable_segment: {
      expected_cache_miss: expectsMiss(edited),
      actual_cache_miss: missed(edited),
      output_equals_cold: answersAsCold(edited, turns),
    },
    decode: { output_tokens: decode[0]?.outputTokens ?? null, tokens_per_sec: medianOrNull(decode.map(decodeRate)) },
    suffix_ttft_curve: curvePoints(turnsOf("suffix_ttft_curve", samples)).map((point) => ({
      suffix_tokens: point.suffixTokens ?? null,
      ttft_ms: medianOrNull(point.ttftMs),
    })),
    failure_cases: {
      over_context: asBoolean("over_context", verdicts),
      cancel_decode: asBoolean("cancel_decode", verdicts),
    },
  };
}

/** What became of each edit of the prefix. */
export function summariseEdits(samples: readonly Sample[]): Report["edit_positions"] {
  const turns = samples.filter((sample): sample is TurnSample => sample.kind === "turn");
  return turnsOf("edit_positions", samples).map((turn) => ({
    edit: turn.step.label ?? "",
    common_tokens: turn.prediction?.commonTokens ?? null,
    predicted_tokens: turn.prediction?.reusedTokens ?? null,
    reused_tokens: turn.reusedTokens ?? null,
    segment: turn.segment ?? null,
    reason: turn.miss?.reason ?? null,
    output_equals_cold: answersAsCold(turn, turns),
    ttft_ms: turn.ttftMs ?? null,
  }));
}

function hitRate(turn: TurnSample | undefined): number | null {
  if (turn?.reusedTokens === undefined || !turn.prefixTokens) return null;
  return turn.reusedTokens / turn.prefixTokens;
}

function expectsMiss(turn: TurnSample | undefined): boolean | null {
  const predicted = turn?.prediction?.reusedTokens;
  return predicted === undefined || turn?.prefixTokens === undefined ? null : predicted < turn.prefixTokens;
}

function missed(turn: TurnSample | undefined): boolean | null {
  if (turn?.prediction === undefined || turn.reusedTokens === undefined || turn.prefilledTokens === undefined)
    return null;
  return turn.reusedTokens <= turn.prediction.commonTokens && turn.prefilledTokens > 0;
}

/**
 * Whether all warm answers to this turn's input equal the cold ones; null where they were not compared, or cold answers
 * differ among themselves.
 */
function answersAsCold(turn: TurnSample | undefined, turns: readonly TurnSample[]): boolean | null {
  if (turn === undefined) return null;
  const { prefix, suffix } = turn.step.request;
  const input = comparableInputs(turns).find(
    ({ request }) => request.prefix.text === prefix.text && request.suffix.text === suffix.text,
  );
  const reference = referenceOf(input?.cold ?? []);
  if (input === undefined || reference === undefined) return null;
  const same = input.warm.every((warm) => findDivergence(reference, warm) === undefined);
  if (same) return input.warm.every((warm) => comparedTokens(reference, warm) >= fewestComparedTokens) ? true : null;
  const steady = [...input.cold, ...input.noiseFloor].every((cold) => findDivergence(reference, cold) === undefined);
  return steady ? false : null;
}

function asBoolean(claim: string, verdicts: readonly Verdict[]): boolean | null {
  const outcome = verdicts.find((verdict) => verdict.claim === claim)?.outcome;
  return outcome === "pass" ? true : outcome === "fail" ? false : null;
}
