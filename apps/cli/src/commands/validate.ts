import { describeHeadline, printableLine, schemaVersion } from "@benchreport/report";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { readReportFile } from "../options/read-report-file.ts";
import { writeError, writeOutput } from "../terminal/streams.ts";

/** Faults beyond these are counted. */
const shownFaults = 20;

/** `benchreport validate`: whether a file is a report, and where it is not. */
export async function validate(path: string): Promise<ExitCode> {
  const parsed = await readReportFile(path);
  if (parsed.ok) {
    writeOutput(
      `${printableLine(path)}: a valid report, format ${schemaVersion}. ${printableLine(describeHeadline(parsed.report))}`,
    );
    return exitCodes.fine;
  }
  const shown = parsed.faults.slice(0, shownFaults);
  const lines = shown.map(
    (fault) => `  ${printableLine(fault.path === "" ? "(whole file)" : fault.path)}: ${printableLine(fault.message)}`,
  );
  const more = parsed.faults.length - shown.length;
  const rest = more > 0 ? [`  and ${more} more`] : [];
  writeError([`error "${printableLine(path)}" is not a valid report [REPORT_INVALID]`, ...lines, ...rest].join("\n"));
  return exitCodes.badInput;
}
