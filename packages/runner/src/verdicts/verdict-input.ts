import type { Capabilities } from "@benchreport/contract";
import type { Claim, Evidence, Outcome, Verdict } from "@benchreport/report";
import type { FailureSample, SnapshotSample, TurnSample } from "../measure/sample.ts";

/** All that a verdict may look at. */
export interface VerdictInput {
  readonly turns: readonly TurnSample[];
  readonly failureCases: readonly FailureSample[];
  readonly snapshots: readonly SnapshotSample[];
  readonly capabilities: Capabilities;
}

/** A claim's verdict from samples alone. */
export type JudgeClaim = (input: VerdictInput) => Verdict;

export function verdict(
  claim: Claim,
  outcome: Outcome,
  explanation: string,
  evidence: readonly Evidence[] = [],
): Verdict {
  return { claim, outcome, evidence: [...evidence], explanation };
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How evidence names a turn: section or role, repetition, edit. */
export function turnEvidence({ step }: TurnSample): Evidence {
  return {
    section: step.section ?? step.role,
    repetition: step.repetition ?? null,
    ...(step.label === undefined ? {} : { edit: step.label }),
    suffix: step.request.suffix.name,
  };
}
