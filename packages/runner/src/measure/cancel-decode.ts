import type { Bench, BenchSession } from "./bench.ts";
import { outcomeOf } from "./outcome-of.ts";
import { checkRecovery, prepareRecovery, type RecoveryTurn, sameContext } from "./recovery.ts";
import type { FailureCheck } from "./sample.ts";

/** Token after which a running decode is aborted. */
const abortAfterTokens = 3;

/**
 * Aborts decode before its first token and after a few: it rejects with the reason, keeps what was delivered, and the
 * next turn is as a cold one.
 */
export async function cancelDecode(bench: Bench): Promise<readonly FailureCheck[]> {
  const turn = await prepareRecovery(bench);
  const before = await bench.withFresh((on) => abortBefore(bench, on, turn));
  if (bench.harness.backend.capabilities.cancel === "call") {
    return [
      ...before,
      { check: "abort after a token", ok: null, reason: "the engine declares that it cannot stop inside a call" },
    ];
  }
  return [...before, ...(await bench.withFresh((on) => abortInside(bench, on, turn)))];
}

async function abortBefore(bench: Bench, on: BenchSession, turn: RecoveryTurn): Promise<FailureCheck[]> {
  await prefill(bench, on, turn);
  const reason = new Error("aborted before the first token");
  const state = sameContext(on);
  const seen = await outcomeOf(on.session.decode({}, { signal: AbortSignal.abort(reason) }).next(), reason);
  const unchanged = state === sameContext(on);
  const check = {
    check: "abort before the first token",
    ok: seen === "reason" && unchanged,
    expected: "reason",
    seen,
    unchanged,
  };
  return [check, ...(await checkRecovery(bench, on, turn))];
}

async function abortInside(bench: Bench, on: BenchSession, turn: RecoveryTurn): Promise<FailureCheck[]> {
  await prefill(bench, on, turn);
  const residentBefore = on.session.explainContext().residentTokens;
  const { ignoreEndOfGeneration } = bench.harness.backend.capabilities;
  const reason = new Error("aborted after a token");
  const controller = new AbortController();
  const maxTokens = Math.max(bench.scenario.maxDecode, abortAfterTokens + 1);
  const events = on.session.decode({ maxTokens, ignoreEndOfGeneration }, { signal: controller.signal });
  let delivered = 0;
  while (delivered < abortAfterTokens) {
    const { done, value } = await events.next();
    if (done === true || value.type === "finish")
      return [{ check: "abort after a token", ok: null, reason: "the answer ended before" }];
    delivered++;
  }
  const firedAt = bench.clock();
  controller.abort(reason);
  const seen = await outcomeOf(events.next(), reason);
  const latencyMs = Number(bench.clock() - firedAt) / 1e6;
  const resident = on.session.explainContext().residentTokens;
  const kept = resident === undefined || residentBefore === undefined ? undefined : resident - residentBefore;
  const check = {
    check: "abort after a token",
    ok: seen === "reason" && (kept === undefined || kept === delivered),
    expected: "reason",
    seen,
    stop_latency_ms: latencyMs,
    delivered_tokens: delivered,
    kept_tokens: kept ?? null,
    all_tokens: maxTokens,
  };
  return [check, ...(await checkRecovery(bench, on, turn))];
}

async function prefill(bench: Bench, on: BenchSession, { request }: RecoveryTurn): Promise<void> {
  const input = bench.harness.turn(request.prefix.text, request.suffix.text);
  await on.session.ensurePrefix(input.prefix);
  if (request.suffix.text !== "") await on.session.prefillSuffix(input.suffix);
}
