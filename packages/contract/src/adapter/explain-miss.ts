import type { ReuseMiss } from "../prefix.ts";

/** What an adapter knows once it has decided what to reuse. */
export interface ReuseDecision {
  readonly residentTokens: number;
  readonly requestedTokens: number;
  readonly commonTokens: number;
  readonly reusedTokens: number;
  /** Whether the engine can reuse anything at all. */
  readonly supported: boolean;
  /** Identity field in which the resident state differs. */
  readonly changedField: string | undefined;
  /** Whether an abort left the session with less than a prefix. */
  readonly abortedBefore: boolean;
}

/** An adapter's word on why not the whole prefix was reused; `undefined` when it was. */
export function explainMiss(decision: ReuseDecision): ReuseMiss | undefined {
  if (decision.reusedTokens === decision.requestedTokens) return undefined;
  return {
    reason: findReason(decision),
    commonTokens: decision.commonTokens,
    roundedDownTokens: Math.max(0, decision.commonTokens - decision.reusedTokens),
    field: decision.changedField,
  };
}

function findReason(decision: ReuseDecision): ReuseMiss["reason"] {
  const { residentTokens, requestedTokens, commonTokens } = decision;
  if (!decision.supported) return "not_supported";
  if (decision.changedField !== undefined) return "manifest_changed";
  if (decision.abortedBefore) return "aborted_before";
  if (residentTokens === 0) return "nothing_resident";
  if (commonTokens < Math.min(residentTokens, requestedTokens)) return "edited";
  if (residentTokens < requestedTokens) return "extended";
  return residentTokens > requestedTokens ? "truncated" : "steps";
}
