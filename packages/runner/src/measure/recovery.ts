import { predictReuse } from "@benchreport/contract/oracle";
import type { TurnRequest } from "../plan/step.ts";
import type { Bench, BenchSession } from "./bench.ts";
import type { FailureCheck } from "./sample.ts";

/** The turn by which a session shows that it recovered, and what a fresh session answers to it. */
export interface RecoveryTurn {
  readonly request: TurnRequest;
  readonly cold: { readonly tokenIds: readonly number[] | undefined; readonly text: string; readonly prefixMs: number };
}

export async function prepareRecovery(bench: Bench): Promise<RecoveryTurn> {
  const { stable, suffix, maxDecode } = bench.scenario;
  const request: TurnRequest = {
    prefix: { name: "stable", text: stable },
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
  const expected = prediction?.reusedTokens;
  const known = expected !== undefined && next.reusedTokens !== undefined;
  const same =
    next.tokenIds === undefined || turn.cold.tokenIds === undefined
      ? next.text === turn.cold.text
      : String(next.tokenIds) === String(turn.cold.tokenIds);
  return [
    {
      check: "next turn reuses what the session claims",
      ok: known ? next.reusedTokens === expected : null,
      claimed_tokens: claimed ?? null,
      expected: expected ?? null,
      seen: next.reusedTokens ?? null,
    },
    {
      check: "next turn answers as a cold one",
      ok: (next.outputTokens ?? 0) === 0 ? null : same,
      compared_tokens: next.tokenIds?.length ?? null,
    },
  ];
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
