import type { TurnSample } from "../measure/sample.ts";
import type { TurnStep } from "../plan/step.ts";
import { suspiciousColdTurns } from "./cold-is-cold.ts";
import { divergedInputs } from "./compare-answers.ts";

/** Cold runs that are added where a warm answer differs from a cold one. */
const noiseFloorRuns = 4;
/** Yardsticks that are added where a cold turn was faster than it should be. */
const extraYardsticks = 2;

/**
 * What the results call for: more yardsticks for a suspiciously fast cold turn, more cold runs of an input whose warm
 * answer differs.
 */
export function planFollowUp(turns: readonly TurnSample[], yardstick: TurnStep): TurnStep[] {
  const suspicious = suspiciousColdTurns(turns).length > 0;
  const yardsticks = suspicious ? Array.from({ length: extraYardsticks }, () => yardstick) : [];
  const noiseFloor = divergedInputs(turns).flatMap((request) =>
    Array.from({ length: noiseFloorRuns }, (): TurnStep => {
      return { ...yardstick, role: "noise_floor", request };
    }),
  );
  return [...yardsticks, ...noiseFloor];
}
