import { countTokens } from "../scenario/count-tokens.ts";
import { abortAfter } from "./abort-after.ts";
import type { Bench, BenchSession } from "./bench.ts";
import { outcomeOf } from "./outcome-of.ts";
import { checkRecovery, prepareRecovery, type RecoveryTurn, sameContext } from "./recovery.ts";
import type { FailureCheck } from "./sample.ts";

/** Shares of the expected time after which an abort is tried until one falls inside the work. */
const tries = [0.5, 0.3, 0.75, 0.15, 0.9] as const;

/**
 * Aborts ensurePrefix before it begins and while it works, and prefillSuffix while it works; each time the next turn
 * must be as a cold one.
 */
export async function cancelPrefill(bench: Bench): Promise<readonly FailureCheck[]> {
  const turn = await prepareRecovery(bench);
  const before = await bench.withFresh((on) => abortBefore(bench, on, turn));
  if (
    bench.harness.backend.capabilities.cancel === "call" ||
    bench.harness.backend.capabilities.phases === "deferred"
  ) {
    return [
      ...before,
      { check: "abort while prefilling", ok: null, reason: "the engine declares that it cannot stop inside a prefill" },
    ];
  }
  const { prefixTokens, prefixMs } = turn.cold;
  const msPerToken = prefixTokens === undefined ? undefined : prefixMs / prefixTokens;
  const suffixTokens = await countSuffix(bench);
  const inPrefix = await firstTelling(async (share) =>
    bench.withFresh((on) => abortPrefix(bench, on, turn, turn.cold.prefixMs * share)),
  );
  const inSuffix = await firstTelling(async (share) =>
    bench.withFresh((on) => abortSuffix(bench, on, turn, (msPerToken ?? 1) * suffixTokens * share)),
  );
  return [...before, ...inPrefix, ...inSuffix];
}

async function abortBefore(bench: Bench, on: BenchSession, turn: RecoveryTurn): Promise<FailureCheck[]> {
  const reason = new Error("aborted before the call");
  const state = sameContext(on);
  const input = bench.harness.turn(turn.request.prefix.text, turn.request.suffix.text);
  const seen = await outcomeOf(on.session.ensurePrefix(input.prefix, { signal: AbortSignal.abort(reason) }), reason);
  const unchanged = state === sameContext(on);
  const check = {
    check: "abort before ensurePrefix",
    ok: seen === "reason" && unchanged,
    expected: "reason",
    seen,
    unchanged,
  };
  return [check, ...(await checkRecovery(bench, on, turn))];
}

async function abortPrefix(
  bench: Bench,
  on: BenchSession,
  turn: RecoveryTurn,
  delayMs: number,
): Promise<FailureCheck[]> {
  const input = bench.harness.turn(turn.request.prefix.text, turn.request.suffix.text);
  const all = turn.cold.prefixTokens;
  const check = await abortCall(bench, on, "abort in the prefix", delayMs, all, (signal) =>
    on.session.ensurePrefix(input.prefix, { signal }),
  );
  return [check, ...(await checkRecovery(bench, on, turn))];
}

async function abortSuffix(
  bench: Bench,
  on: BenchSession,
  turn: RecoveryTurn,
  delayMs: number,
): Promise<FailureCheck[]> {
  const input = bench.harness.turn(turn.request.prefix.text, bench.scenario.cancelSuffix);
  await on.session.ensurePrefix(input.prefix);
  const all = bench.scenario.tokens && (await countSuffix(bench));
  const check = await abortCall(bench, on, "abort in the suffix", delayMs, all, (signal) =>
    on.session.prefillSuffix(input.suffix, { signal }),
  );
  return [check, ...(await checkRecovery(bench, on, turn))];
}

async function abortCall(
  bench: Bench,
  on: BenchSession,
  check: string,
  delayMs: number,
  allTokens: number | undefined,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<FailureCheck> {
  const reason = new Error(check);
  const controller = new AbortController();
  const virtual = bench.harness.backend.clock !== undefined;
  const worked = (): number | undefined => on.session.explainContext().work.prefillTokens;
  const before = worked();
  let workedAtAbort: number | undefined;
  const abort = abortAfter(controller, delayMs, reason, { now: bench.clock, virtual }, () => {
    workedAtAbort = worked();
  });
  const seen = await outcomeOf(call(controller.signal), reason);
  const rejectedAt = bench.clock();
  abort.stop();
  const firedAt = abort.firedAt();
  const evaluated = difference(worked(), before);
  const evaluatedAtAbort = difference(workedAtAbort, before);
  return {
    check,
    ok: judgeAbort(seen, isInside(evaluated, allTokens), isMidway(evaluatedAtAbort, allTokens)),
    expected: "reason",
    seen,
    stop_latency_ms: firedAt === undefined ? null : Number(rejectedAt - firedAt) / 1e6,
    evaluated_tokens: evaluated ?? null,
    evaluated_at_abort: evaluatedAtAbort ?? null,
    all_tokens: allTokens ?? null,
  };
}

/**
 * An abort shows something only if it fell between the first and the last piece of work; one that was ignored in the
 * middle of the work shows enough.
 */
function judgeAbort(seen: string, inside: boolean, midway: boolean): boolean | null {
  if (seen === "reason") return inside ? true : null;
  if (seen === "finished") return midway ? false : null;
  return false;
}

function isInside(evaluated: number | undefined, all: number | undefined): boolean {
  return evaluated !== undefined && all !== undefined && evaluated > 0 && evaluated < all;
}

/** With a quarter of the work still to come, an engine that went on did not look at the abort. */
function isMidway(evaluated: number | undefined, all: number | undefined): boolean {
  return isInside(evaluated, all) && (evaluated ?? 0) <= (all ?? 0) * 0.75;
}

function difference(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : after - before;
}

/** Tries again with another delay while the abort fell before or behind the work. */
async function firstTelling(attempt: (share: number) => Promise<FailureCheck[]>): Promise<FailureCheck[]> {
  let checks: FailureCheck[] = [];
  for (const share of tries) {
    checks = await attempt(share);
    if (checks[0]?.ok !== null) break;
  }
  return checks;
}

async function countSuffix(bench: Bench): Promise<number> {
  const { cancelSuffix, tokens } = bench.scenario;
  return tokens === undefined ? cancelSuffix.length : await countTokens(bench.harness).suffix(cancelSuffix);
}
