import { spawn } from "node:child_process";
import { BenchreportError } from "@benchreport/contract";

export interface CommandOptions {
  /** What the command is for, for the error message. */
  readonly purpose: string;
}

/** Runs a program to its end and gives what it printed. @throws `ENGINE_FAILED` with the end of what it complained of. */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  const end = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, killedBy) => resolve(code === 0 ? undefined : `exit ${code ?? killedBy}`));
  });
  const output = Buffer.concat(printed).toString();
  if (end === undefined) return output;
  // Ninja prints on stdout what compilers complain of, make on stderr.
  const lines = `${output}\n${Buffer.concat(complaints)}`.split("\n").filter((line) => line.trim());
  throw new BenchreportError("ENGINE_FAILED", {
    what: `${options.purpose} failed: ${program} ended with ${end}.`,
    why: lines.slice(-LAST_LINES).join("\n"),
    fix: "It needs git, cmake, a C++17 compiler and the packages of this repository: npx pnpm@12 install.",
    meta: { program },
  });
}

const LAST_LINES = 20;
