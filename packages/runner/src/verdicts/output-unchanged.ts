import type { Evidence } from "@benchreport/report";
import type { TurnSample } from "../measure/sample.ts";
import {
  type ComparedInput,
  comparableInputs,
  comparedTokens,
  fewestComparedTokens,
  findDivergence,
  findLogitDifference,
  haveLogits,
  referenceOf,
} from "./compare-answers.ts";
import { countOf, type JudgeClaim, turnEvidence, verdict } from "./verdict-input.ts";

/**
 * Warm answers equal cold ones to the same input. A difference fails where all cold answers agree among themselves, or
 * where the engine declares `exact`;
 * where cold answers differ too, nothing is proved. Where `exact` is declared, log-probabilities and margins must agree
 * in every bit.
 */
export const judgeOutputUnchanged: JudgeClaim = ({ turns, capabilities }) => {
  const inputs = comparableInputs(turns);
  if (inputs.length === 0)
    return verdict("output_unchanged", "not_run", "No warm answer was compared with a cold one.");
  const compared = inputs.flatMap((input) => compareInput(input, capabilities.reuse.exact));
  const failed = compared.filter((one) => one.outcome === "fail");
  const [first] = failed;
  const evidence = compared.map((one) => one.evidence);
  if (first !== undefined) {
    const what = `${countOf(failed.length, "warm answer")} of ${compared.length} ${failed.length === 1 ? "differs" : "differ"} from the cold one: ${first.why}.`;
    return verdict(
      "output_unchanged",
      "fail",
      what,
      failed.map((one) => one.evidence),
    );
  }
  const unclear = compared.find((one) => one.outcome === "inconclusive");
  if (unclear !== undefined) return verdict("output_unchanged", "inconclusive", `${unclear.why}.`, evidence);
  const bitwise = compared.filter((one) => one.logitsCompared).length;
  if (capabilities.reuse.exact && capabilities.logProbabilities && bitwise === 0) {
    const why = "The engine declares exactness and log-probabilities, but gave none that could be compared.";
    return verdict("output_unchanged", "inconclusive", why, evidence);
  }
  const exact = bitwise > 0 ? `; in ${bitwise} of them log-probabilities were compared and agree in every bit` : "";
  return verdict(
    "output_unchanged",
    "pass",
    `Each of ${countOf(compared.length, "warm answer")} equals the cold one to the same input${exact}.`,
    evidence,
  );
};

interface ComparedAnswer {
  readonly outcome: "pass" | "fail" | "inconclusive";
  readonly why: string;
  readonly evidence: Evidence;
  readonly logitsCompared: boolean;
}

function compareInput(input: ComparedInput, exact: boolean): ComparedAnswer[] {
  const { cold, warm, noiseFloor } = input;
  const reference = referenceOf(cold);
  if (reference === undefined) return [];
  const coldRuns = [...cold, ...noiseFloor];
  const coldDifferent = coldRuns.filter((turn) => findDivergence(reference, turn) !== undefined).length;
  const noise = { coldDifferent, coldRuns: coldRuns.length, exact };
  return warm.map((turn) => compareTurn(reference, turn, noise));
}

function compareTurn(
  cold: TurnSample,
  warm: TurnSample,
  noise: { readonly coldDifferent: number; readonly coldRuns: number; readonly exact: boolean },
): ComparedAnswer {
  const divergence = findDivergence(cold, warm);
  const tokens = comparedTokens(cold, warm);
  const logitsCompared = noise.exact && divergence === undefined && haveLogits(cold, warm);
  const logits = logitsCompared ? findLogitDifference(cold, warm) : undefined;
  const evidence: Evidence = {
    ...turnEvidence(warm),
    prefix: warm.step.request.prefix.name,
    compared_tokens: tokens,
    answer: divergence === undefined ? "identical" : "diverged",
    diverged_at: divergence?.index ?? null,
    cold_margin: divergence?.coldMargin ?? null,
    warm_margin: divergence?.warmMargin ?? null,
    logits_compared: logitsCompared,
    logits_differ_at: logits ?? null,
    cold_runs: noise.coldRuns,
    cold_runs_different: noise.coldDifferent,
  };
  const place = warm.step.label ?? (warm.step.section ?? warm.step.role).replaceAll("_", " ");
  if (divergence !== undefined) {
    const why = `in "${place}" it leaves the cold one at token ${divergence.index}`;
    if (noise.exact || noise.coldDifferent === 0) return { outcome: "fail", why, evidence, logitsCompared };
    const rate = `${noise.coldDifferent} of ${noise.coldRuns} cold answers differ among themselves too`;
    return {
      outcome: "inconclusive",
      why: `A warm answer differs from the cold one, but ${rate}`,
      evidence,
      logitsCompared,
    };
  }
  if (logits !== undefined) {
    const why = `in "${place}" its log-probabilities differ from token ${logits} on, and the engine declares them exact`;
    return { outcome: "fail", why, evidence, logitsCompared };
  }
  if (tokens < fewestComparedTokens) {
    const why = `Only ${countOf(tokens, "token")} could be compared, and ${fewestComparedTokens} are needed`;
    return { outcome: "inconclusive", why, evidence, logitsCompared };
  }
  return { outcome: "pass", why: "", evidence, logitsCompared };
}
