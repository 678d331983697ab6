import type { Backend, Session } from "@benchreport/contract";
import { createTurnInput } from "../session/turn-input.ts";
import { abortStages, abortTurn } from "./abort-turn.ts";
import { type Comparison, compareAnswers } from "./compare-answers.ts";
import type { Prompt } from "./prompts.ts";
import { type Turn, takeTurn } from "./take-turn.ts";

/** The ways in which a turn becomes a warm one. */
export const caseNames = ["reuse", "edit", "abort", "restore"] as const;
export type CaseName = (typeof caseNames)[number];

/** A warm turn beside the cold one of the same prompt. */
export interface CaseOutcome extends Comparison {
  readonly reusedTokens: number;
}

export interface PromptOutcome {
  readonly prefixTokens: number;
  readonly coldAnswer: Turn["answer"];
  /** `undefined` where the engine cannot do it. */
  readonly cases: Readonly<Record<CaseName, CaseOutcome | undefined>>;
}

/**
 * Takes the same turn cold, on a session of its own, and warm in every way. Prompts take turns in where they are aborted:
 * prefix, suffix, decode.
 */
export async function runCases(
  engine: Backend,
  prompt: Prompt,
  index: number,
  contextTokens: number,
): Promise<PromptOutcome> {
  await using session = await engine.openSession({ contextTokens });
  const cold = await takeTurn(engine, session, prompt);
  const judge = ({ answer, reusedTokens }: Turn): CaseOutcome => ({
    ...compareAnswers(cold.answer, answer),
    reusedTokens,
  });

  const reuse = judge(await takeTurn(engine, session, prompt));
  // The session holds the turn that the snapshot is to carry, before anything was aborted on it.
  const restore = engine.capabilities.snapshot
    ? judge(await restoreAndTake(engine, session, prompt, contextTokens))
    : undefined;
  await abortTurn(engine, session, prompt, abortStages[index % abortStages.length] ?? "prefix");
  const abort = judge(await takeTurn(engine, session, prompt));
  const edit = judge(await editAndTake(engine, prompt, contextTokens));
  return { prefixTokens: cold.prefixTokens, coldAnswer: cold.answer, cases: { reuse, edit, abort, restore } };
}

async function editAndTake(engine: Backend, prompt: Prompt, contextTokens: number): Promise<Turn> {
  await using session = await engine.openSession({ contextTokens });
  await session.ensurePrefix(createTurnInput(engine, prompt.before, "").prefix);
  return await takeTurn(engine, session, prompt);
}

async function restoreAndTake(engine: Backend, warm: Session, prompt: Prompt, contextTokens: number): Promise<Turn> {
  const snapshot = await warm.snapshot();
  await using session = await engine.openSession({ contextTokens });
  await session.restore(snapshot);
  return await takeTurn(engine, session, prompt);
}
