import { readFile, stat } from "node:fs/promises";
import { BenchreportError } from "@benchreport/contract";
import { parseScenario, type Scenario } from "@benchreport/runner";

/** Larger than any prompt that a model can take. */
const largestScenarioBytes = 64 * 1024 * 1024;

/** Reads and checks a scenario file. @throws `SCENARIO_INVALID`. */
export async function readScenarioFile(path: string): Promise<Scenario> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw unreadable(path, "there is no such file");
  if (!found.isFile()) throw unreadable(path, "it is not a file");
  if (found.size > largestScenarioBytes) throw unreadable(path, `it is larger than ${largestScenarioBytes} bytes`);
  const bytes = await readFile(path).catch((error: Error) => {
    throw unreadable(path, error.message);
  });
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
