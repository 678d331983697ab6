import path from "node:path";
import { runCommand } from "../programs/run-command.ts";
import type { SessionJob } from "./session-process.ts";
import type { TestSamples } from "./speed-tests.ts";

/** Runs our side of a test once, in a process of its own, so that neither side's idle threads meet the other. */
export async function runSession(job: SessionJob): Promise<TestSamples> {
  const program = path.join(import.meta.dirname, "session-process.ts");
  const printed = await runCommand(process.execPath, [...process.execArgv, program, JSON.stringify(job)], {
    purpose: "Our side",
  });
  return JSON.parse(printed) as TestSamples;
}
