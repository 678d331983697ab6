import { mix, toUnit } from "./hash.ts";
import { answerTokens } from "./tokenizer.ts";

/** Spread of the logits; with 96 candidates it gives margins from nearly 0 to a few units. */
const logitRange = 12;

/**
 * One logit per answer token, from what attention gave. `weights` stands for the model: another value, another model.
 */
export function computeLogits(attention: number, weights: number): Float64Array {
  const state = mix(attention, weights);
  return Float64Array.from(answerTokens, (token) => toUnit(mix(state, token)) * logitRange);
}
