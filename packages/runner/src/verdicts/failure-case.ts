import type { Verdict } from "@benchreport/report";
import type { FailureCheck } from "../measure/sample.ts";
import type { FailureCase } from "../plan/step.ts";
import { countOf, type JudgeClaim, type VerdictInput, verdict } from "./verdict-input.ts";

const promises: Record<FailureCase, string> = {
  over_context: "What does not fit is refused before anything changes, and what fits exactly is accepted",
  cancel_prefill: "An aborted prefill stops with the caller's reason, and the next turn is as a cold one",
  cancel_decode: "An aborted decode stops with the caller's reason, and the next turn is as a cold one",
};

export const judgeOverContext: JudgeClaim = (input) => judge("over_context", input);
export const judgeCancelPrefill: JudgeClaim = (input) => judge("cancel_prefill", input);
export const judgeCancelDecode: JudgeClaim = (input) => judge("cancel_decode", input);

/** Every expectation of a failure case must hold; one that could not be tried leaves the claim open. */
function judge(claim: FailureCase, { failureCases, capabilities }: VerdictInput): Verdict {
  const tried = failureCases.find((sample) => sample.section === claim);
  if (tried === undefined) return verdict(claim, "not_run", "It was not tried.");
  const broken = tried.checks.find((check) => check.ok === false);
  if (broken !== undefined) return verdict(claim, "fail", describeBroken(broken), tried.checks);
  const cannotStop = capabilities.cancel === "call" || capabilities.phases === "deferred";
  const untried = tried.checks.find((check) => check.ok === null);
  if (untried !== undefined) {
    const declared =
      claim === "cancel_prefill" ? cannotStop : claim === "cancel_decode" && capabilities.cancel === "call";
    const outcome = declared ? "unsupported" : "inconclusive";
    return verdict(
      claim,
      outcome,
      `"${untried.check}" could not be shown: ${untried["reason"] ?? "the attempt fell outside the work"}.`,
      tried.checks,
    );
  }
  return verdict(claim, "pass", `${promises[claim]} (${countOf(tried.checks.length, "check")}).`, tried.checks);
}

/** A check that does not hold, in words. */
export function describeBroken(check: FailureCheck): string {
  const expected =
    check["expected"] === undefined ? "" : `: expected ${String(check["expected"])}, seen ${String(check["seen"])}`;
  return `"${check.check}" does not hold${expected}.`;
}
