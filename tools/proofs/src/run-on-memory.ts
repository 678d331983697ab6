import { backend } from "@benchreport/backend-memory";
import type { Report } from "@benchreport/report";
import { createHarness, type RunOptions, runBenchmark, type Scenario } from "@benchreport/runner";

/** A whole run on the memory engine, with its report. */
export async function runOnMemory(
  scenario: Scenario,
  settings: Readonly<Record<string, unknown>> = {},
  options: RunOptions = {},
): Promise<Report> {
  await using engine = await backend.createBackend({ settings });
  return await runBenchmark(createHarness(engine), scenario, options);
}
