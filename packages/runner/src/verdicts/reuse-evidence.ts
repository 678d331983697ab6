import type { Evidence } from "@benchreport/report";
import type { TurnSample } from "../measure/sample.ts";
import { turnEvidence } from "./verdict-input.ts";

/** What was predicted, what was measured, and how the two compare. */
export function reuseEvidence(turn: TurnSample): Evidence {
  return {
    ...turnEvidence(turn),
    prefix_tokens: turn.prefixTokens ?? null,
    common_tokens: turn.prediction?.commonTokens ?? null,
    predicted_tokens: turn.prediction?.reusedTokens ?? null,
    reused_tokens: turn.reusedTokens ?? null,
    outcome: turn.judged,
    ...(turn.segment === undefined ? {} : { segment: turn.segment }),
  };
}

/** The first turn that did not reuse what it must, in words. */
export function describeWrongReuse(turn: TurnSample): string {
  const place = turn.step.label ?? (turn.step.section ?? turn.step.role).replaceAll("_", " ");
  const { reusedTokens, prediction } = turn;
  const expected =
    turn.judged === "stale"
      ? `only ${prediction?.commonTokens} are common`
      : `${prediction?.reusedTokens} were predicted`;
  return `${place}: ${reusedTokens ?? "an unknown number of"} tokens reused, ${expected}`;
}
