import type { Sample as ReportSample } from "@benchreport/report";
import type { TurnSample } from "../measure/sample.ts";

/** A turn as the report keeps it: every number that was measured, null for what was not. */
export function mapSample(turn: TurnSample): ReportSample {
  const { step } = turn;
  return {
    repetition: step.repetition ?? null,
    ...(step.label === undefined ? {} : { edit: step.label }),
    prefix: step.request.prefix.name,
    suffix: step.request.suffix.name,
    prefix_ms: turn.prefixMs ?? null,
    suffix_ms: turn.suffixMs ?? null,
    ttft_ms: turn.ttftMs ?? null,
    decode_ms: turn.decodeMs ?? null,
    turn_ms: turn.turnMs,
    itl_ms: [...turn.itlMs],
    tokenize_ms: turn.tokenizeMs ?? null,
    prompt_tps: promptRate(turn) ?? null,
    tokens_per_sec: decodeRate(turn) ?? null,
    prefix_tokens: turn.prefixTokens ?? null,
    reused_tokens: turn.reusedTokens ?? null,
    prefilled_tokens: turn.prefilledTokens ?? null,
    predicted_tokens: turn.prediction?.reusedTokens ?? null,
    common_tokens: turn.prediction?.commonTokens ?? null,
    reuse: turn.judged,
    miss: turn.miss?.reason ?? null,
    suffix_tokens: turn.suffixTokens ?? null,
    output_tokens: turn.outputTokens ?? null,
    finish_reason: turn.finishReason ?? null,
    token_ids: turn.tokenIds === undefined ? null : [...turn.tokenIds],
    text: turn.text,
    stamp_lag_ms: turn.stampLagMs ?? null,
    ...(turn.logProbabilities === undefined ? {} : { log_probabilities: [...turn.logProbabilities] }),
    ...(turn.margins === undefined ? {} : { margins: [...turn.margins] }),
  };
}

/** A turn outside the timed sections: what it was taken for, and its whole answer. */
export function mapUntimedTurn(turn: TurnSample): ReportSample {
  return { role: turn.step.role, ...mapSample(turn) };
}

/** Prefilled prefix tokens per second; `undefined` where nothing was prefilled or no time was measured. */
export function promptRate({ prefilledTokens, prefixMs }: TurnSample): number | undefined {
  return prefilledTokens && prefixMs ? prefilledTokens / (prefixMs / 1000) : undefined;
}

/** Tokens per second behind the first one. */
export function decodeRate({ outputTokens, decodeMs }: TurnSample): number | undefined {
  return outputTokens !== undefined && outputTokens > 1 && decodeMs
    ? (outputTokens - 1) / (decodeMs / 1000)
    : undefined;
}
