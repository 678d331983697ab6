import type { Evidence } from "@benchreport/report";
import type { TurnSample } from "../measure/sample.ts";
import { findDivergence, findLogitDifference } from "./compare-answers.ts";
import { type JudgeClaim, verdict } from "./verdict-input.ts";

/**
 * Cold answers, or their log-probabilities, change with the suffix and with the prefix: an engine that ignores its
 * input would prove nothing.
 */
export const judgeInputMatters: JudgeClaim = ({ turns }) => {
  const references = turns.filter((turn) => turn.step.role === "reference");
  const base = references.find((turn) => isInput(turn, "stable", "suffix"));
  if (base === undefined) return verdict("input_matters", "not_run", "No cold reference answer was measured.");
  const changed = [
    references.find((turn) => isInput(turn, "stable", "changed_suffix")),
    references.find((turn) => isInput(turn, "edited_stable", "suffix")),
  ];
  const others = changed.filter((turn): turn is TurnSample => turn !== undefined);
  const evidence = others.map((turn) => compare(base, turn));
  const same = evidence.find((one) => one["differs"] === false);
  if (same !== undefined && others.some((turn) => turn.logProbabilities === undefined)) {
    const input = `${same["prefix"]}, ${same["suffix"]}`;
    const what = `The answer to another input (${input}) is the same, and there are no log-probabilities to tell more.`;
    return verdict("input_matters", "inconclusive", what, evidence);
  }
  if (same !== undefined) {
    const what = `The answer to another input (${same["prefix"]}, ${same["suffix"]}) is the very same: the engine seems to ignore its input.`;
    return verdict("input_matters", "fail", what, evidence);
  }
  if (others.length < changed.length) {
    return verdict(
      "input_matters",
      "inconclusive",
      "The scenario has no changed suffix or no edited stable text to compare with.",
      evidence,
    );
  }
  return verdict("input_matters", "pass", "Another suffix and another prefix each give another answer.", evidence);
};

function isInput(turn: TurnSample, prefix: string, suffix: string): boolean {
  return turn.step.request.prefix.name === prefix && turn.step.request.suffix.name === suffix;
}

function compare(base: TurnSample, other: TurnSample): Evidence {
  const divergence = findDivergence(base, other);
  const logits = findLogitDifference(base, other);
  return {
    prefix: other.step.request.prefix.name,
    suffix: other.step.request.suffix.name,
    differs: divergence !== undefined || logits !== undefined,
    diverged_at: divergence?.index ?? null,
    logits_differ_at: logits ?? null,
  };
}
