import { BenchreportError } from "@benchreport/contract";
import { printable, printableLine } from "@benchreport/report/printable";
import pc from "picocolors";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { wantsColor } from "./streams.ts";

export interface DescribedError {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** An error as a person reads it: what happened, why, what to do. A stack trace only with `debug`. */
export function describeError(error: unknown, debug: boolean): DescribedError {
  const colors = pc.createColors(wantsColor(process.stderr));
  const stack = debug && error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
  if (!BenchreportError.is(error)) {
    const what = `${colors.bold(colors.red("error"))} benchreport itself failed: ${printableLine(messageOf(error))}`;
    const fix = debug ? "" : "\n  fix  This is a bug. Run again with --debug for details, and report it.";
    return { text: what + fix + stack, exitCode: exitCodes.bug };
  }
  const lines = [
    `${colors.bold(colors.red("error"))} ${printableLine(error.message)} ${colors.dim(`[${error.code}]`)}`,
  ];
  if (error.why !== undefined) lines.push(`  ${colors.dim("why")}  ${indent(printable(error.why))}`);
  if (error.fix !== undefined) lines.push(`  ${colors.dim("fix")}  ${indent(printable(error.fix))}`);
  return { text: lines.join("\n") + stack, exitCode: exitCodes.badInput };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n       ");
}
