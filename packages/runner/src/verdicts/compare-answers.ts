import type { TurnSample } from "../measure/sample.ts";
import type { TurnRequest } from "../plan/step.ts";

/** Fewest tokens of an answer that say anything about another answer. */
export const fewestComparedTokens = 8;

/** Where a warm answer leaves the cold one. */
export interface Divergence {
  /** Index of the first different token; of the first different character where there are no token ids. */
  readonly index: number;
  readonly coldMargin: number | undefined;
  readonly warmMargin: number | undefined;
}

/** All turns that were given the same prefix and suffix. */
export interface ComparedInput {
  readonly request: TurnRequest;
  readonly cold: readonly TurnSample[];
  readonly warm: readonly TurnSample[];
  readonly noiseFloor: readonly TurnSample[];
}

/**
 * Groups turns by their input. Warm-ups and yardsticks, whose text nobody else has, stand apart, and so do those of the
 * curve, which answer with one token.
 */
function groupByInput(turns: readonly TurnSample[]): ComparedInput[] {
  const groups = new Map<string, TurnSample[]>();
  for (const turn of turns) {
    const { role, request, section } = turn.step;
    if (role === "warm_up" || role === "yardstick" || section === "suffix_ttft_curve") continue;
    const key = JSON.stringify([request.prefix.text, request.suffix.text]);
    groups.set(key, [...(groups.get(key) ?? []), turn]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const cold = group.filter((turn) => turn.step.session === "fresh" && turn.step.role !== "noise_floor");
    const warm = group.filter((turn) => turn.step.session === "warm");
    return {
      request: first.step.request,
      cold,
      warm,
      noiseFloor: group.filter((turn) => turn.step.role === "noise_floor"),
    };
  });
}

/** Inputs whose warm answers were compared with cold ones over enough tokens. */
export function comparableInputs(turns: readonly TurnSample[]): ComparedInput[] {
  return groupByInput(turns).filter(({ cold, warm }) => cold.length > 0 && warm.length > 0);
}

/** Inputs with a warm answer unlike the first cold one, for which no noise floor was measured yet. */
export function divergedInputs(turns: readonly TurnSample[]): TurnRequest[] {
  return comparableInputs(turns)
    .filter(({ cold, warm, noiseFloor }) => {
      const reference = referenceOf(cold);
      return (
        noiseFloor.length === 0 &&
        reference !== undefined &&
        warm.some((turn) => findDivergence(reference, turn) !== undefined)
      );
    })
    .map(({ request }) => request);
}

/** The cold answer that others are compared with: the one that has log-probabilities. */
export function referenceOf(cold: readonly TurnSample[]): TurnSample | undefined {
  return cold.find((turn) => turn.step.role === "reference") ?? cold[0];
}

/** Whether two answers' log-probabilities can be compared at all. */
export function haveLogits(cold: TurnSample, warm: TurnSample): boolean {
  return cold.logProbabilities !== undefined && warm.logProbabilities !== undefined;
}

/**
 * Compares two answers by token ids, by text where ids are unavailable; an answer that merely ends earlier diverges at
 * its end.
 */
export function findDivergence(cold: TurnSample, warm: TurnSample): Divergence | undefined {
  const left: ArrayLike<string | number> = cold.tokenIds ?? cold.text;
  const right: ArrayLike<string | number> = (cold.tokenIds === undefined ? undefined : warm.tokenIds) ?? warm.text;
  let index = 0;
  while (index < left.length && index < right.length && left[index] === right[index]) index++;
  if (index === left.length && index === right.length) return undefined;
  return { index, coldMargin: cold.margins?.[index], warmMargin: warm.margins?.[index] };
}

/**
 * Index of the first token whose log-probability or margin differs in any bit; `undefined` where none does, or they
 * were not asked for.
 */
export function findLogitDifference(cold: TurnSample, warm: TurnSample): number | undefined {
  const pairs = [
    [cold.logProbabilities, warm.logProbabilities],
    [cold.margins, warm.margins],
  ] as const;
  const differences = pairs.flatMap(([left, right]) => {
    if (left === undefined || right === undefined) return [];
    const index = left.findIndex((value, at) => !Object.is(value, right[at]));
    return index === -1 ? [] : [index];
  });
  return differences.length === 0 ? undefined : Math.min(...differences);
}

/** Tokens over which two answers were compared. */
export function comparedTokens(cold: TurnSample, warm: TurnSample): number {
  return Math.min(cold.outputTokens ?? cold.text.length, warm.outputTokens ?? warm.text.length);
}
