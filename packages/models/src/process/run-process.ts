import { spawn } from "node:child_process";

export interface RunProcessOptions {
  readonly signal: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

export interface ProcessOutcome {
  /** `undefined` when the process did not start or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not start. */
  readonly startError: string | undefined;
}

// What ends on SIGTERM does so at once; what ignores it must not outlive the caller.
const killAfterMs = 2000;

/**
 * Runs a program to its end, without a shell and without input. However it ends is an outcome, not an error.
 *
 * @throws Only the signal's reason, once the process is gone.
 */
export async function runProcess(
  command: string,
  parameters: readonly string[],
  { signal, environment }: RunProcessOptions,
): Promise<ProcessOutcome> {
  signal?.throwIfAborted();
  const child = spawn(command, parameters, {
    env: environment ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const ended = new Promise<Pick<ProcessOutcome, "exitCode" | "startError">>((settle) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      settle({ exitCode: undefined, startError: error.code === "ENOENT" ? "not found" : error.message });
    });
    child.once("close", (code) => settle({ exitCode: code ?? undefined, startError: undefined }));
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });

  let killer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    killer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const outcome = await ended;
    signal?.throwIfAborted();
    return { ...outcome, stdout, stderr };
  } finally {
    signal?.removeEventListener("abort", stop);
    clearTimeout(killer);
  }
}
