import { describeBroken } from "./failure-case.ts";
import { countOf, type JudgeClaim, verdict } from "./verdict-input.ts";

/** A restored session goes on as the original did and is as warm; what is foreign or damaged is refused. */
export const judgeSnapshotRoundtrip: JudgeClaim = ({ snapshots, capabilities }) => {
  const claim = "snapshot_roundtrip";
  if (!capabilities.snapshot) return verdict(claim, "unsupported", "The engine takes no snapshots.");
  const checks = snapshots.flatMap((sample) => sample.checks);
  if (checks.length === 0) return verdict(claim, "not_run", "It was not tried.");
  const broken = checks.find((check) => check.ok === false);
  if (broken !== undefined) return verdict(claim, "fail", describeBroken(broken), checks);
  const open = checks.find((check) => check.ok === null);
  if (open !== undefined) {
    return verdict(claim, "inconclusive", `"${open.check}" could not be shown: ${open["reason"] ?? ""}.`, checks);
  }
  const promise = "A restored session goes on as the original and is as warm, and other bytes are refused";
  return verdict(claim, "pass", `${promise} (${countOf(checks.length, "check")}).`, checks);
};
