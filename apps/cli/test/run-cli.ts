import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Sends a signal once stderr or stdout holds this text. */
  readonly interruptAt?: RegExp | undefined;
  /** What stdin holds; without it stdin is empty. */
  readonly input?: string | undefined;
  /** Closes the reading end of stdout at once. */
  readonly closeStdout?: boolean | undefined;
}

const bin = fileURLToPath(new URL("../bin/benchreport.js", import.meta.url));

/** Runs the built command line in a process of its own. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined).end(options.input);
    if (options.closeStdout === true) child.stdout.destroy();
    let stdout = "";
    let stderr = "";
    let interrupted = false;
    const check = (): void => {
      if (interrupted || options.interruptAt?.test(stdout + stderr) !== true) return;
      interrupted = true;
      child.kill("SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      check();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      check();
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
