import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program/create-program.ts";
import { finishOutput, watchStreams } from "./terminal/finish-output.ts";
import { writeError } from "./terminal/streams.ts";

/** Runs the command line and gives its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.fine;
  watchStreams();
  try {
    const program = createProgram(args, (code) => {
      exitCode = code;
    });
    await program.parseAsync([...args], { from: "user" });
    await finishOutput();
    return exitCode;
  } catch (error) {
    // Help and version end this way too, with code 0, and have printed what they print.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.badInput;
    const { describeError } = await import("./terminal/describe-error.ts");
    const described = describeError(error, args.includes("--debug"));
    writeError(described.text);
    return described.exitCode;
  }
}
