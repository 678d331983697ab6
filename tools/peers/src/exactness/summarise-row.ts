import type { EngineSettings } from "../session/open-engine.ts";
import { type CaseName, caseNames, type PromptOutcome } from "./run-cases.ts";

/** One case of a row, over all prompts. */
export interface CaseSummary {
  readonly identical: number;
  readonly compared: number;
  /** Of log-probabilities and margins through the session, over all steps of all prompts. */
  readonly difference: number;
  /** Of raw logits below the session; `null` where none were compared. */
  readonly logitDifference: number | null;
  /** Prompts whose raw logits were compared. */
  readonly logitPrompts: number;
  /** Warm turns that reused their whole prefix. */
  readonly wholePrefixes: number;
  /** Fewest and most tokens that the warm turns reused. */
  readonly reusedTokens: readonly [fewest: number, most: number];
}

export interface ExactnessRow {
  readonly settings: EngineSettings;
  /** What the capability says. */
  readonly declaredExact: boolean;
  /** Why there are no cases; `null` where there are. */
  readonly unsupported: string | null;
  /** `null` where the engine cannot do it. */
  readonly cases: Readonly<Record<CaseName, CaseSummary | null>>;
}

/** What was found for one prompt. */
export interface PromptFinding {
  readonly outcome: PromptOutcome;
  readonly logitDifferences: Partial<Record<CaseName, number>>;
}

/** Sums the prompts of a row up, case by case. */
export function summariseCases(findings: readonly PromptFinding[]): ExactnessRow["cases"] {
  return Object.fromEntries(caseNames.map((name) => [name, summariseCase(findings, name)])) as ExactnessRow["cases"];
}

function summariseCase(findings: readonly PromptFinding[], name: CaseName): CaseSummary | null {
  const outcomes = findings.flatMap(({ outcome: { cases, prefixTokens } }) => {
    const found = cases[name];
    return found === undefined ? [] : [{ ...found, whole: found.reusedTokens === prefixTokens }];
  });
  if (outcomes.length === 0) return null;
  const logits = findings.map(({ logitDifferences }) => logitDifferences[name]).filter((value) => value !== undefined);
  const reused = outcomes.map(({ reusedTokens }) => reusedTokens);
  return {
    identical: outcomes.filter(({ identical }) => identical).length,
    compared: outcomes.length,
    difference: Math.max(...outcomes.map(({ difference }) => difference)),
    logitDifference: logits.length === 0 ? null : Math.max(...logits),
    logitPrompts: logits.length,
    wholePrefixes: outcomes.filter(({ whole }) => whole).length,
    reusedTokens: [Math.min(...reused), Math.max(...reused)],
  };
}
