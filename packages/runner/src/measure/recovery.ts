import { predictReuse } from "@benchreport/contract/oracle";
import type { TurnRequest } from "../plan/step.ts";
import type { Bench, BenchSession, MeasuredTurn } from "./bench.ts";
import type { FailureCheck } from "./sample.ts";

/** The turn by which a session shows that it recovered, and what a fresh session answers to it. */
export interface RecoveryTurn {
  readonly request: TurnRequest;
  readonly cold: ColdAnswer & { readonly prefixMs: number; readonly prefixTokens: number | undefined };
}

interface ColdAnswer {
  readonly tokenIds: readonly number[] | undefined;
  readonly text: string;
}

export async function prepareRecovery(bench: Bench): Promise<RecoveryTurn> {
  const { cancelPrefix, suffix, maxDecode } = bench.scenario;
  const request: TurnRequest = {
    prefix: { name: "cancel_prefix", text: cancelPrefix },
    suffix: { name: "suffix", text: suffix },
    decodeTokens: maxDecode,
    logProbabilities: false,
  };
  const cold = await bench.knownColdTurn(request);
  return { request, cold: { ...cold, prefixMs: cold.prefixMs ?? cold.ttftMs ?? cold.turnMs } };
}

/** After an abort, the next turn must reuse what the session claims and answer as a fresh one. */
export async function checkRecovery(bench: Bench, on: BenchSession, turn: RecoveryTurn): Promise<FailureCheck[]> {
  const { reuse } = bench.harness.backend.capabilities;
  const claimed = on.session.explainContext().reusableTokens;
  const tokens = await bench.tokenize(turn.request.prefix.text, true);
  const kept = tokens === undefined || claimed === undefined ? undefined : keptTokens(tokens, claimed);
  const prediction = kept && tokens && predictReuse({ tokens: kept, sameIdentity: true }, tokens, reuse);
  const next = await bench.turn(on, turn.request);
  const reused = {
    check: "next turn reuses what the session claims",
    ok: next.reusedTokens === prediction?.reusedTokens,
    claimed_tokens: claimed ?? null,
    expected: prediction?.reusedTokens ?? null,
    seen: next.reusedTokens ?? null,
  };
  const known = prediction?.reusedTokens !== undefined && next.reusedTokens !== undefined;
  return [...(known ? [reused] : []), await compareWithCold(bench, next, turn)];
}

/** A different answer counts where cold answers agree among themselves, or the engine declares that it is exact. */
async function compareWithCold(bench: Bench, next: MeasuredTurn, turn: RecoveryTurn): Promise<FailureCheck> {
  const check = { check: "next turn answers as a cold one", compared_tokens: next.outputTokens ?? null };
  if ((next.outputTokens ?? 0) === 0) return { ...check, ok: null, reason: "the answer was empty" };
  if (sameAnswer(next, turn.cold)) return { ...check, ok: true };
  if (bench.harness.backend.capabilities.reuse.exact) return { ...check, ok: false };
  const again = await bench.withFresh((session) => bench.turn(session, turn.request));
  if (sameAnswer(again, turn.cold)) return { ...check, ok: false };
  return { ...check, ok: null, reason: "cold answers differ among themselves too" };
}

function sameAnswer(left: ColdAnswer, right: ColdAnswer): boolean {
  if (left.tokenIds === undefined || right.tokenIds === undefined) return left.text === right.text;
  return String(left.tokenIds) === String(right.tokenIds);
}

/**
 * The first `count` tokens that a session holds of a prompt, and a stranger behind them where it holds more than the
 * prefix.
 */
export function keptTokens(prefix: readonly number[], count: number): readonly number[] {
  return count > prefix.length ? [...prefix, Number.NaN] : prefix.slice(0, count);
}

/** What a session reports of itself, for a comparison before and after a call that must change nothing. */
export function sameContext(on: BenchSession): string {
  const { residentTokens, prefixTokens, reusableTokens, work } = on.session.explainContext();
  return JSON.stringify([residentTokens, prefixTokens, reusableTokens, work.prefillTokens, work.decodeCalls]);
}
