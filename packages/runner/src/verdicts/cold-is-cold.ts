import type { Evidence } from "@benchreport/report";
import type { TurnSample } from "../measure/sample.ts";
import { countOf, type JudgeClaim, turnEvidence, verdict } from "./verdict-input.ts";

/** A cold turn that takes less than this share of the fastest one on text that nobody can know was not cold. */
const suspiciousShare = 0.5;
const fewestYardsticks = 2;

/** Cold turns reuse nothing, and none is clearly faster than a turn on a text that no cache can know. */
export const judgeColdIsCold: JudgeClaim = ({ turns, capabilities }) => {
  const cold = coldTurns(turns);
  const yardsticks = turns.filter((turn) => turn.step.role === "yardstick");
  if (cold.length === 0) return verdict("cold_is_cold", "not_run", "No cold turn was measured.");
  const evidence = [...yardsticks.map(timeEvidence), ...cold.map(timeEvidence)];
  const reused = cold.filter((turn) => (turn.reusedTokens ?? 0) > 0);
  if (reused.length > 0) {
    const what = `${countOf(reused.length, "cold turn")} of ${cold.length} reused tokens on a fresh session.`;
    return verdict("cold_is_cold", "fail", what, reused.map(timeEvidence));
  }
  if (yardsticks.length < fewestYardsticks) {
    return verdict(
      "cold_is_cold",
      "inconclusive",
      "There were too few yardsticks to compare cold turns with.",
      evidence,
    );
  }
  const suspicious = suspiciousColdTurns(turns);
  if (suspicious.length > 0) {
    const what = `${countOf(suspicious.length, "cold turn")} of ${cold.length} took less than half of the fastest yardstick: it was warm.`;
    return verdict("cold_is_cold", "fail", what, [...yardsticks, ...suspicious].map(timeEvidence));
  }
  if (capabilities.reuse.counting !== "none" && cold.some((turn) => turn.reusedTokens === undefined)) {
    return verdict(
      "cold_is_cold",
      "inconclusive",
      "Some cold turns did not say how many tokens they reused.",
      evidence,
    );
  }
  const counting = capabilities.reuse.counting === "none" ? "the engine does not count reuse" : "none reused a token";
  return verdict(
    "cold_is_cold",
    "pass",
    `Of ${countOf(cold.length, "cold turn")} ${counting}, and none was clearly faster than a prompt that no cache can know.`,
    evidence,
  );
};

/** Cold turns that were clearly faster than every yardstick. */
export function suspiciousColdTurns(turns: readonly TurnSample[]): TurnSample[] {
  const yardsticks = turns.filter((turn) => turn.step.role === "yardstick").map(prefillTime);
  const known = yardsticks.filter((time): time is number => time !== undefined);
  if (known.length === 0) return [];
  const limit = Math.min(...known) * suspiciousShare;
  return coldTurns(turns).filter((turn) => (prefillTime(turn) ?? Number.POSITIVE_INFINITY) < limit);
}

function coldTurns(turns: readonly TurnSample[]): TurnSample[] {
  return turns.filter((turn) => turn.step.section === "cold_full_prefill");
}

/** Time of the prefix; where the engine defers it, of the first token. */
function prefillTime(turn: TurnSample): number | undefined {
  return turn.prefixMs ?? turn.ttftMs;
}

function timeEvidence(turn: TurnSample): Evidence {
  return {
    ...turnEvidence(turn),
    prefix_tokens: turn.prefixTokens ?? null,
    reused_tokens: turn.reusedTokens ?? null,
    prefix_ms: turn.prefixMs ?? null,
    ttft_ms: turn.ttftMs ?? null,
  };
}
