import { BenchreportError } from "@benchreport/contract";
import { parseScenario, type Scenario } from "@benchreport/runner";
import { readInputFile } from "./read-input-file.ts";

/** Larger than any prompt that a model can take: a million tokens are 4 MB. */
const largestMegabytes = 16;

/** Reads and checks a scenario file. @throws `SCENARIO_INVALID`. */
export async function readScenarioFile(path: string): Promise<Scenario> {
  return parseScenario(await readInputFile(path, largestMegabytes, unreadable));
}

function unreadable(path: string, why: string): BenchreportError {
  return new BenchreportError("SCENARIO_INVALID", {
    what: `The scenario file "${path}" cannot be read.`,
    why,
    fix: "Pass --scenario with the path of a JSON file.",
    meta: { path },
  });
}
