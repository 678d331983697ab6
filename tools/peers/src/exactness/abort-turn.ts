import { setTimeout } from "node:timers/promises";
import { type Backend, BenchreportError, type Session } from "@benchreport/contract";
import { createTurnInput } from "../session/turn-input.ts";
import type { Prompt } from "./prompts.ts";
import { ANSWER_TOKENS } from "./take-turn.ts";

/** Where a turn is aborted. */
export const abortStages = ["prefix", "suffix", "decode"] as const;
export type AbortStage = (typeof abortStages)[number];

/** Waited for before the abort: long enough for the engine to be at work, tried again with less where it had ended. */
const DELAYS_MS: readonly number[] = [10, 3, 1, 0];
const TOKENS_BEFORE_ABORT = 5;

/** Aborts a turn while the engine works on it. @throws `ENGINE_FAILED` when nothing could be aborted. */
export async function abortTurn(engine: Backend, session: Session, prompt: Prompt, stage: AbortStage): Promise<void> {
  for (const delayMs of DELAYS_MS) if (await tryAbort(engine, session, prompt, stage, delayMs)) return;
  throw new BenchreportError("ENGINE_FAILED", {
    what: `The ${stage} could not be aborted: it had always ended before.`,
    why: "The engine is faster than the shortest delay.",
    fix: "Use a larger model.",
    meta: { stage },
  });
}

async function tryAbort(
  engine: Backend,
  session: Session,
  prompt: Prompt,
  stage: AbortStage,
  delayMs: number,
): Promise<boolean> {
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = new Error("aborted on purpose");
  const { prefix, suffix } = createTurnInput(
    engine,
    prompt.prefix,
    stage === "suffix" ? prompt.longSuffix : prompt.suffix,
  );
  try {
    if (stage !== "decode") {
      // Everything before the stage is settled first.
      if (stage === "suffix") await session.ensurePrefix(prefix);
      else await session.ensurePrefix(createTurnInput(engine, "", "").prefix);
      const call =
        stage === "suffix" ? session.prefillSuffix(suffix, { signal }) : session.ensurePrefix(prefix, { signal });
      await Promise.race([call, setTimeout(delayMs)]);
      controller.abort(aborted);
      await call;
      return false;
    }
    await session.ensurePrefix(prefix);
    await session.prefillSuffix(suffix);
    let tokens = 0;
    for await (const event of session.decode({ maxTokens: ANSWER_TOKENS, ignoreEndOfGeneration: true }, { signal })) {
      if (event.type === "token" && ++tokens === TOKENS_BEFORE_ABORT) controller.abort(aborted);
    }
    return false;
  } catch (error) {
    if (error !== aborted) throw error;
    return true;
  }
}
