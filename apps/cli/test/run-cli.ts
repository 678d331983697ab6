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
  /** Bytes that a written file may have, where the system has such a limit. */
  readonly largestFile?: number | undefined;
  /** What stdin holds; without it stdin is empty. */
  readonly input?: string | undefined;
  /** Closes the reading end of stdout at once. */
  readonly closeStdout?: boolean | undefined;
  readonly closeStderr?: boolean | undefined;
}

const bin = fileURLToPath(new URL("../bin/benchreport.js", import.meta.url));

/** Runs the built command line in a process of its own. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, bin, ...args];
    // A signal that is ignored stays so in the program that takes the shell's place.
    const limit = `trap '' XFSZ; ulimit -f ${Math.ceil((options.largestFile ?? 0) / 512)}; exec "$@"`;
    const [file = "", ...rest] = options.largestFile === undefined ? command : ["sh", "-c", limit, "sh", ...command];
    const child = spawn(file, rest, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined).end(options.input);
    if (options.closeStdout === true) child.stdout.destroy();
    if (options.closeStderr === true) child.stderr.destroy();
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
