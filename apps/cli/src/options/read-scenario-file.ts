import { BenchreportError } from "@benchreport/contract";
import { parseScenario, type Scenario } from "@benchreport/runner";
import { readInputFile } from "./read-input-file.ts";

/** Larger than any prompt that a model can take. */
const largestScenarioBytes = 64 * 1024 * 1024;

/** Reads and checks a scenario file. @throws `SCENARIO_INVALID`. */
export async function readScenarioFile(path: string): Promise<Scenario> {
  const bytes = await readInputFile(path, largestScenarioBytes, unreadable);
  return parseScenario(decode(path, bytes));
}

/**
 * Text that is no UTF-8 would be measured as something else than what its author sees. A byte order mark is passed
 * over.
 */
function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(path, "it is not UTF-8");
  }
}

function unreadable(path: string, why: string): BenchreportError {
  return new BenchreportError("SCENARIO_INVALID", {
    what: `The scenario file "${path}" cannot be read.`,
    why,
    fix: "Pass --scenario with the path of a JSON file.",
    meta: { path },
  });
}
