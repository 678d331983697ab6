import type { Backend, Session } from "@benchreport/contract";
import { decodeAnswer } from "../session/decode-answer.ts";
import { createTurnInput } from "../session/turn-input.ts";
import type { AnswerStep } from "./compare-answers.ts";
import type { Prompt } from "./prompts.ts";

export const ANSWER_TOKENS = 32;

export interface Turn {
  readonly reusedTokens: number;
  readonly prefixTokens: number;
  readonly answer: readonly AnswerStep[];
}

/** One whole turn through the session API. */
export async function takeTurn(engine: Backend, session: Session, prompt: Prompt): Promise<Turn> {
  const { prefix, suffix } = createTurnInput(engine, prompt.prefix, prompt.suffix);
  const { reusedTokens = Number.NaN, prefixTokens = Number.NaN } = await session.ensurePrefix(prefix);
  await session.prefillSuffix(suffix);
  const answer = await decodeAnswer(session, {
    maxTokens: ANSWER_TOKENS,
    logProbabilities: true,
    ignoreEndOfGeneration: true,
  });
  return { reusedTokens, prefixTokens, answer };
}
