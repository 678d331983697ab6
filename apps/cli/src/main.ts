import { BenchreportError } from "@benchreport/contract";
import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program/create-program.ts";
import { describeError } from "./terminal/describe-error.ts";
import { writeError } from "./terminal/streams.ts";

/** Runs the command line and gives its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.fine;
  const debug = args.includes("--debug");
  let outputError: Error | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read it has seen enough: files are written all the same.
    if (error.code !== "EPIPE") outputError = error;
  });
  try {
    const program = createProgram(args, (code) => {
      exitCode = code;
    });
    await program.parseAsync([...args], { from: "user" });
    await new Promise((resolve) => process.stdout.write("", resolve));
    if (outputError !== undefined) throw outputUnwritable(outputError);
    return exitCode;
  } catch (error) {
    // Help and version end this way too, with code 0, and have printed what they print.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.badInput;
    const described = describeError(error, debug);
    writeError(described.text);
    return described.exitCode;
  }
}

function outputUnwritable(cause: Error): BenchreportError {
  return new BenchreportError("OUTPUT_INVALID", {
    what: "The report cannot be printed.",
    why: cause.message,
    fix: "Free the place that stdout leads to, or pass --output json=PATH.",
    cause,
  });
}
