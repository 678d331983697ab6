import { type Claim, claims, type Verdict } from "@benchreport/report";
import { judgeColdIsCold } from "./cold-is-cold.ts";
import { judgeEditedIsMissed } from "./edited-is-missed.ts";
import { judgeCancelDecode, judgeCancelPrefill, judgeOverContext } from "./failure-case.ts";
import { judgeInputMatters } from "./input-matters.ts";
import { judgeOutputUnchanged } from "./output-unchanged.ts";
import { judgePrefixReused } from "./prefix-reused.ts";
import { judgeSnapshotRoundtrip } from "./snapshot-roundtrip.ts";
import { type JudgeClaim, type VerdictInput, verdict } from "./verdict-input.ts";

const judges: Partial<Record<Claim, JudgeClaim>> = {
  cold_is_cold: judgeColdIsCold,
  prefix_reused: judgePrefixReused,
  edited_is_missed: judgeEditedIsMissed,
  output_unchanged: judgeOutputUnchanged,
  input_matters: judgeInputMatters,
  over_context: judgeOverContext,
  cancel_prefill: judgeCancelPrefill,
  cancel_decode: judgeCancelDecode,
  snapshot_roundtrip: judgeSnapshotRoundtrip,
};

/** A verdict on every claim; a claim that this version cannot judge is `not_run`. */
export function judgeRun(input: VerdictInput): Verdict[] {
  return claims.map(
    (claim) => judges[claim]?.(input) ?? verdict(claim, "not_run", "This version does not judge it yet."),
  );
}
