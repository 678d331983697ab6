import type { ResolvedDecodeConfig } from "@benchreport/contract/adapter";
import { mix, toUnit } from "./hash.ts";
import { answerTokens } from "./tokenizer.ts";

export interface SampledToken {
  readonly id: number;
  /** Natural logarithm of its probability at temperature 1. */
  readonly logProbability: number;
  /** Its logit minus the best other one. */
  readonly margin: number;
}

/**
 * Chooses the next token: the best one at temperature 0, else by seed and position among those that top-k and top-p
 * leave.
 */
export function sampleToken(
  logits: Float64Array,
  config: Pick<ResolvedDecodeConfig, "temperature" | "topK" | "topP" | "seed">,
  position: number,
): SampledToken {
  const ranked = Array.from(logits.keys()).sort((left, right) => logitAt(logits, right) - logitAt(logits, left));
  const chosen = config.temperature === 0 ? ranked[0] : draw(logits, ranked, config, position);
  const index = chosen ?? 0;
  const bestOther = ranked[0] === index ? ranked[1] : ranked[0];
  const logit = logitAt(logits, index);
  return {
    id: answerTokens[index] ?? 0,
    logProbability: logit - logSumExp(logits),
    margin: logit - logitAt(logits, bestOther ?? 0),
  };
}

function draw(
  logits: Float64Array,
  ranked: readonly number[],
  config: Pick<ResolvedDecodeConfig, "temperature" | "topK" | "topP" | "seed">,
  position: number,
): number | undefined {
  const top = config.topK === 0 ? ranked : ranked.slice(0, config.topK);
  const best = logitAt(logits, top[0] ?? 0);
  const weights = top.map((index) => Math.exp((logitAt(logits, index) - best) / config.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (kept < top.length && (kept === 0 || mass < config.topP * total)) mass += weights[kept++] ?? 0;
  let remaining = toUnit(mix(config.seed, position)) * mass;
  for (let rank = 0; rank < kept; rank++) {
    remaining -= weights[rank] ?? 0;
    if (remaining < 0) return top[rank];
  }
  return top[kept - 1];
}

function logSumExp(logits: Float64Array): number {
  const best = Math.max(...logits);
  return best + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - best), 0));
}

function logitAt(logits: Float64Array, index: number): number {
  return logits[index] ?? Number.NEGATIVE_INFINITY;
}
