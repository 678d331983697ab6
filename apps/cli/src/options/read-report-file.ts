import { BenchreportError } from "@benchreport/contract";
import { type ParsedReport, parseReportText } from "@benchreport/report";
import { readInputFile } from "./read-input-file.ts";

/** A run of five repetitions comes to less than 1 MB. */
const largestMegabytes = 64;

/** Reads and checks a report file. @throws `REPORT_INVALID` when there is nothing to check. */
export async function readReportFile(path: string): Promise<ParsedReport> {
  return parseReportText(await readInputFile(path, largestMegabytes, unreadable));
}

function unreadable(path: string, why: string): BenchreportError {
  return new BenchreportError("REPORT_INVALID", {
    what: `The report "${path}" cannot be read.`,
    why,
    fix: "Pass the path of a JSON file that `benchreport run --output json=PATH` wrote.",
    meta: { path },
  });
}
