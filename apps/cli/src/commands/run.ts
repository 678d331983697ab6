import { BenchreportError } from "@benchreport/contract";
import { describeHeadline, printableLine, type Report, renderTerminal } from "@benchreport/report";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Pair } from "../options/parse-pair.ts";
import { type Outputs, prepareOutputs } from "../output/outputs.ts";
import { describeError } from "../terminal/describe-error.ts";
import { forecastJson, renderForecast } from "../terminal/render-forecast.ts";
import { columnsOf, wantsColor, writeError, writeOutput } from "../terminal/streams.ts";
import type { RunJob } from "../worker/protocol.ts";
import { superviseRun } from "../worker/supervise-run.ts";

export interface RunCommand {
  readonly job: RunJob;
  readonly outputs: readonly Pair[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** How long a call may take; 0: for ever. */
  readonly timeoutSeconds: number;
}

/** `benchreport run`: checks where to write, measures in a child process, prints and writes the report. */
export async function run(command: RunCommand): Promise<ExitCode> {
  const outputs = await prepareOutputs(command.outputs);
  const progress = !command.quiet && !command.json;
  const { debug, timeoutSeconds } = command;
  const { report, forecast, error, interrupted } = await superviseRun(command.job, { progress, debug, timeoutSeconds });
  if (forecast !== undefined) {
    writeOutput(command.json ? forecastJson(forecast) : renderForecast(forecast, columnsOf(process.stdout)));
    return exitCodes.fine;
  }
  if (report === undefined) {
    if (interrupted) return exitCodes.interrupted;
    throw error ?? new Error("the run ended without a report");
  }
  // Printed before it is written: a disk that is full by now must not cost the result.
  print(report, command);
  if (error !== undefined) writeError(describeError(error, debug).text);
  const paths = await write(report, outputs);
  if (paths.length > 0 && !command.quiet) writeError(`wrote ${printableLine(paths.join(", "))}`);
  if (interrupted) return exitCodes.interrupted;
  if (error !== undefined) return BenchreportError.is(error) ? exitCodes.claimFailed : exitCodes.bug;
  return hasFailed(report) ? exitCodes.claimFailed : exitCodes.fine;
}

/** A run that measured nothing replaces nothing, not even the partial report of an earlier one. */
async function write(report: Report, outputs: Outputs): Promise<readonly string[]> {
  if (report.complete) return await outputs.writeComplete(report);
  return sectionsOf(report).some(({ status }) => status === "measured") ? await outputs.writePartial(report) : [];
}

function sectionsOf(report: Report): readonly { readonly status?: string }[] {
  return Object.values(report.sections) as { readonly status?: string }[];
}

function print(report: Report, { json, quiet }: RunCommand): void {
  if (json) writeOutput(JSON.stringify(report, null, 2));
  else if (quiet) writeOutput(printableLine(describeHeadline(report)));
  else writeOutput(renderTerminal(report, { color: wantsColor(process.stdout), width: columnsOf(process.stdout) }));
}

function hasFailed(report: Report): boolean {
  return (
    report.verdicts.some(({ outcome }) => outcome === "fail") ||
    sectionsOf(report).some(({ status }) => status === "failed")
  );
}
