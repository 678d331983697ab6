import { stepWeight } from "../plan/plan-run.ts";
import type { Step } from "../plan/step.ts";

/** Remaining time, from the steps that are done. */
export interface Pace {
  /** Does a step's work and notes how long it took. */
  time(step: Step, work: () => Promise<void>): Promise<void>;
  /** `undefined` until a step was done. */
  remainingMs(steps: readonly Step[]): number | undefined;
}

/** Learns how long a unit of weight takes. */
export function createPace(): Pace {
  let weight = 0;
  let elapsedMs = 0;
  return {
    async time(step: Step, work: () => Promise<void>): Promise<void> {
      const start = performance.now();
      await work();
      elapsedMs += performance.now() - start;
      weight += stepWeight(step);
    },
    remainingMs(steps: readonly Step[]): number | undefined {
      if (weight === 0) return undefined;
      return (elapsedMs / weight) * steps.reduce((sum, step) => sum + stepWeight(step), 0);
    },
  };
}
