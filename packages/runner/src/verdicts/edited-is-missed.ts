import { describeWrongReuse, reuseEvidence } from "./reuse-evidence.ts";
import { countOf, type JudgeClaim, verdict } from "./verdict-input.ts";

/**
 * Each edit of the prefix reuses exactly what lies before it, in the engine's steps: missing one token is not a proof.
 */
export const judgeEditedIsMissed: JudgeClaim = ({ turns, capabilities }) => {
  const { counting, trim } = capabilities.reuse;
  if (trim === "none") return verdict("edited_is_missed", "unsupported", "The engine declares that it reuses nothing.");
  if (counting === "none" || !capabilities.tokenIds) {
    return verdict(
      "edited_is_missed",
      "unsupported",
      "The engine does not say how many tokens it reuses, or gives no token ids to predict them from.",
    );
  }
  const edits = turns.filter((turn) => turn.step.role === "edit");
  if (edits.length === 0) return verdict("edited_is_missed", "not_run", "No edited prefix was tried.");
  const wrong = edits.filter((turn) => turn.judged !== "as_predicted" && turn.judged !== "unjudged");
  const [first] = wrong;
  if (first !== undefined) {
    const what = `${countOf(wrong.length, "edit")} of ${edits.length} did not miss where it must (${describeWrongReuse(first)}).`;
    return verdict("edited_is_missed", "fail", what, wrong.map(reuseEvidence));
  }
  const evidence = edits.map(reuseEvidence);
  if (edits.some((turn) => turn.judged === "unjudged")) {
    return verdict("edited_is_missed", "inconclusive", "Some edits gave no count of reused tokens.", evidence);
  }
  return verdict(
    "edited_is_missed",
    "pass",
    `Each of ${countOf(edits.length, "edit")} reused exactly what was predicted, and no token more.`,
    evidence,
  );
};
