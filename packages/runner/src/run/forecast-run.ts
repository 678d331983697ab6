import type { Harness } from "../harness/harness.ts";
import { type Forecast, forecastPlan } from "../plan/forecast-plan.ts";
import { planRun } from "../plan/plan-run.ts";
import { prepareScenario } from "../plan/prepare-scenario.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { RunOptions } from "./run-options.ts";

/**
 * Says what {@link runBenchmark} would do, and opens no session.
 *
 * @throws `SCENARIO_INVALID` when a turn cannot fit.
 */
export async function forecastRun(
  harness: Harness,
  scenario: Scenario,
  options: Pick<RunOptions, "repetitions" | "seed"> = {},
): Promise<Forecast> {
  const prepared = await prepareScenario(harness, scenario);
  return await forecastPlan(planRun(prepared, harness.backend.capabilities, options), prepared, harness);
}
