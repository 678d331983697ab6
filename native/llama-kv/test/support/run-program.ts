import { execFile } from "node:child_process";

export interface ProgramOutcome {
  /** 0, another exit code, or the name of the error that kept the program from running. */
  readonly code: number | string | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program ends that found nothing wrong and had nothing to say. */
export const SILENT_SUCCESS: ProgramOutcome = { code: 0, signal: null, stdout: "", stderr: "" };

/** Runs a program to its end; kills it when that takes longer than any busy machine needs. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<ProgramOutcome> {
  const { env = {}, timeoutMs = 60_000 } = options;
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { env: { ...process.env, ...env }, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: MAXIMUM_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : (error.code ?? null), signal: error?.signal ?? null, stdout, stderr });
      },
    );
  });
}

const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;
