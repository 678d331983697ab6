import type { TurnSample } from "../measure/sample.ts";
import { describeWrongReuse, reuseEvidence } from "./reuse-evidence.ts";
import { countOf, type JudgeClaim, verdict } from "./verdict-input.ts";

/** Every warm and every edited turn reuses exactly the predicted number of tokens, the same in each repetition. */
export const judgePrefixReused: JudgeClaim = ({ turns, capabilities }) => {
  const { counting, trim } = capabilities.reuse;
  if (trim === "none") return verdict("prefix_reused", "unsupported", "The engine declares that it reuses nothing.");
  if (counting === "none" || !capabilities.tokenIds) {
    return verdict(
      "prefix_reused",
      "unsupported",
      "The engine does not say how many tokens it reuses, or gives no token ids to predict them from.",
    );
  }
  const warm = turns.filter((turn) => turn.step.session === "warm");
  if (warm.length === 0) return verdict("prefix_reused", "not_run", "No warm turn was measured.");
  const evidence = warm.map(reuseEvidence);
  const wrong = warm.filter((turn) => turn.judged !== "as_predicted" && turn.judged !== "unjudged");
  const [first] = wrong;
  if (first !== undefined) {
    const what = `${countOf(wrong.length, "turn")} of ${warm.length} reused another number of tokens than predicted (${describeWrongReuse(first)}).`;
    return verdict("prefix_reused", "fail", what, wrong.map(reuseEvidence));
  }
  const unsteady = unsteadyCounts(warm);
  if (unsteady !== undefined) return verdict("prefix_reused", "fail", unsteady, evidence);
  if (warm.some((turn) => turn.judged === "unjudged")) {
    return verdict("prefix_reused", "inconclusive", "Some turns gave no count of reused tokens.", evidence);
  }
  const word = counting === "physical" ? "as counted where the engine is called" : `as ${counting} by the engine`;
  return verdict(
    "prefix_reused",
    "pass",
    `Each of ${countOf(warm.length, "warm turn")} reused exactly the predicted number of tokens, ${word}.`,
    evidence,
  );
};

/** The same input must have the same number of tokens in each repetition. */
function unsteadyCounts(turns: readonly TurnSample[]): string | undefined {
  const seen = new Map<string, TurnSample>();
  for (const turn of turns) {
    const key = JSON.stringify([turn.step.request.prefix.text, turn.step.request.suffix.text]);
    const before = seen.get(key) ?? turn;
    if (before.prefixTokens !== turn.prefixTokens) return describe("prefix", before.prefixTokens, turn.prefixTokens);
    if (before.suffixTokens !== turn.suffixTokens) return describe("suffix", before.suffixTokens, turn.suffixTokens);
    seen.set(key, before);
  }
  return undefined;
}

function describe(part: string, before: number | undefined, after: number | undefined): string {
  return `The same ${part} was counted as ${before ?? "unknown"} and as ${after ?? "unknown"} tokens.`;
}
