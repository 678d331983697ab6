import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseReportText } from "@benchreport/report";

/** How the command line took a model file. */
export interface HostileRun {
  /** Exit code and error code, such as `2 MODEL_INVALID`, or what was wrong with how it ended. */
  readonly outcome: string;
  /** Whether it ended as the command line promises for any file. */
  readonly promised: boolean;
  readonly stderr: string;
}

/** Runs a scenario of a few tokens on a model file through the built command line, in a process of its own. */
export function runHostileFile(model: string, scenario: string): Promise<HostileRun> {
  const settings = ["threads=1", "contextTokens=64", "ubatchTokens=16"].flatMap((setting) => ["--set", setting]);
  const flags = ["--model", model, ...settings, "--scenario", scenario, "--repetitions", "1", "--json"];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, "run", "--backend", "llama", ...flags],
      { timeout: HANG_MS, killSignal: "SIGKILL", maxBuffer: MAXIMUM_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
        resolve({ ...judge(code, error?.killed === true, stdout, stderr), stderr });
      },
    );
  });
}

const bin = fileURLToPath(new URL("../../../../apps/cli/bin/benchreport.js", import.meta.url));

/** A run takes a second; on a busy machine ten. */
const HANG_MS = 120_000;
const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;

function judge(
  code: number | undefined,
  killed: boolean,
  stdout: string,
  stderr: string,
): { readonly outcome: string; readonly promised: boolean } {
  if (killed) return { outcome: "it hangs", promised: false };
  if (code === undefined) return { outcome: "the command line itself died", promised: false };
  const errorCode = /\[([A-Z_]+)\]/.exec(stderr)?.[1];
  const outcome = [code, errorCode].filter((part) => part !== undefined).join(" ");
  if (/^ {4}at /m.test(stderr)) return { outcome: `${outcome} with a stack trace`, promised: false };
  if (code === 2) {
    if (errorCode === undefined) return { outcome: "2 without an error code", promised: false };
    return { outcome, promised: stdout === "" };
  }
  if (code !== 0 && code !== 3) return { outcome, promised: false };
  if (!parseReportText(stdout).ok) return { outcome: `${outcome} with a report that is none`, promised: false };
  return { outcome, promised: true };
}
