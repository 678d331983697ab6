import type { Step } from "./step.ts";

/** A step in words. */
export function describeStep(step: Step): string {
  if (step.kind !== "turn") return step.section.replaceAll("_", " ");
  const what = (step.section ?? step.role).replaceAll("_", " ");
  const detail = step.label ?? (step.repetition === undefined ? undefined : `repetition ${step.repetition}`);
  return detail === undefined ? what : `${what}, ${detail}`;
}
