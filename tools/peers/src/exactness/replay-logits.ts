import type { LlamaContext } from "@benchreport/llama-kv";
import type { CaseName, PromptOutcome } from "./run-cases.ts";

/** A prompt's tokens as the session cut them. */
export interface PromptTokens {
  readonly prefix: Int32Array;
  readonly before: Int32Array;
  readonly suffix: Int32Array;
}

/**
 * Plays a prompt's turns again below the session, in the same shapes, to see what the session API does not show: the
 * whole vocabulary's logits at every step. Each step evaluates the token that the cold answer chose, so that answers
 * that went apart are compared all the same.
 *
 * @returns the largest difference of a logit, for each case that was played.
 */
export async function replayLogits(
  context: LlamaContext,
  { prefix, before, suffix }: PromptTokens,
  { cases, coldAnswer }: PromptOutcome,
): Promise<Partial<Record<CaseName, number>>> {
  const ids = coldAnswer.map(({ id }) => id ?? 0);
  await context.clear();
  await context.prefill(prefix, { grid: "position" });
  const cold = await readAnswer(context, suffix, ids);
  const continueFrom = async (kept: number): Promise<number> => {
    await context.trim(kept);
    if (kept < prefix.length) await context.prefill(prefix.slice(kept), { grid: "position" });
    return largestDifference(cold, await readAnswer(context, suffix, ids));
  };

  const reuse = await continueFrom(cases.reuse?.reusedTokens ?? 0);

  await context.trim(prefix.length);
  const state = await context.saveState();
  await context.clear();
  await context.loadState(state);
  const restore = await continueFrom(cases.restore?.reusedTokens ?? 0);

  await context.clear();
  await context.prefill(before, { grid: "position" });
  const edit = await continueFrom(cases.edit?.reusedTokens ?? 0);

  await context.clear();
  await abortPrefill(context, prefix);
  const abort = await continueFrom(context.residentTokens());
  return { reuse, edit, abort, restore };
}

/** The largest difference between two lists of logits; NaN is one of any size. */
export function largestDifference(expected: readonly Float32Array[], actual: readonly Float32Array[]): number {
  let largest = 0;
  for (const [step, logits] of expected.entries()) {
    const others = actual[step];
    // A million numbers for each answer: no iterator.
    for (let token = 0; token < logits.length; token++) {
      const difference = Math.abs((logits[token] ?? Number.NaN) - (others?.[token] ?? Number.NaN));
      if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    }
  }
  return largest;
}

/** The logits behind the suffix and behind each token of the answer but its last, which nobody chooses from. */
async function readAnswer(context: LlamaContext, suffix: Int32Array, ids: readonly number[]): Promise<Float32Array[]> {
  await context.prefill(suffix, { grid: "call" });
  const steps = [await readLogits(context)];
  for (const id of ids.slice(0, -1)) {
    await context.evaluate(id);
    steps.push(await readLogits(context));
  }
  return steps;
}

async function readLogits(context: LlamaContext): Promise<Float32Array> {
  return (await context.lastLogits()) ?? new Float32Array(0);
}

/** Aborts when at least one chunk has been evaluated; whole chunks stay. */
async function abortPrefill(context: LlamaContext, tokens: Int32Array): Promise<void> {
  const controller = new AbortController();
  const before = context.work().prefillCalls;
  const call = context.prefill(tokens, { grid: "position", signal: controller.signal }).catch((error: unknown) => {
    if (error !== controller.signal.reason) throw error;
  });
  let ended = false;
  const watched = call.finally(() => {
    ended = true;
  });
  while (!ended && context.work().prefillCalls === before) await new Promise(setImmediate);
  controller.abort();
  await watched;
}
