import { BenchreportError } from "@benchreport/contract";
import { renderTerminal } from "@benchreport/report";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { readReportFile } from "../options/read-report-file.ts";
import { checkTarget, unwritable } from "../output/check-target.ts";
import { type RenderingName, renderings } from "../output/renderings.ts";
import { writeWhole } from "../output/write-whole.ts";
import { columnsOf, wantsColor, writeOutput } from "../terminal/streams.ts";

export interface RenderCommand {
  readonly path: string;
  readonly to: RenderingName | "terminal";
  /** Without it the rendering is printed. */
  readonly output: string | undefined;
}

/** `benchreport render`: shows a report that was written before. */
export async function render({ path, to, output }: RenderCommand): Promise<ExitCode> {
  const parsed = await readReportFile(path);
  if (!parsed.ok) throw noReport(path, parsed.faults[0]);
  const { report } = parsed;
  if (output === undefined) {
    const terminal = { color: wantsColor(process.stdout), width: columnsOf(process.stdout) };
    writeOutput(to === "terminal" ? renderTerminal(report, terminal) : renderings[to](report));
    return exitCodes.fine;
  }
  const target = await checkTarget(output);
  const text = to === "terminal" ? `${renderTerminal(report)}\n` : renderings[to](report);
  await writeWhole(target.absolute, text).catch((error: Error) => {
    throw unwritable(output, error.message);
  });
  return exitCodes.fine;
}

function noReport(
  path: string,
  fault: { readonly path: string; readonly message: string } | undefined,
): BenchreportError {
  return new BenchreportError("REPORT_INVALID", {
    what: `"${path}" is not a valid report.`,
    why: fault === undefined ? undefined : `${fault.path === "" ? "(whole file)" : fault.path}: ${fault.message}`,
    fix: `See benchreport validate ${path}.`,
    meta: { path },
  });
}
