import { globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The part of turbo's run summary that is counted. */
export interface RunSummary {
  readonly tasks: readonly TaskSummary[];
}

export interface TaskSummary {
  readonly taskId: string;
  /** `build`, `test`, … */
  readonly task: string;
  /** Relative to the root; empty for the root itself. */
  readonly directory: string;
  readonly command: string;
  readonly cache: { readonly status: "HIT" | "MISS" };
  /** Absent for a task that was not run because one before it failed. */
  readonly execution?: { readonly startTime: number; readonly exitCode: number | null } | null | undefined;
}

const summaries = ".turbo/runs/*.json";

/** So that whatever {@link readSummary} finds afterwards is of this run. */
export function removeSummaries(root: string): void {
  for (const path of globSync(summaries, { cwd: root })) rmSync(join(root, path));
}

/** The summary of the one run since {@link removeSummaries}; `undefined` when turbo did not come that far. */
export function readSummary(root: string): RunSummary | undefined {
  const [path, ...others] = globSync(summaries, { cwd: root });
  if (path === undefined || others.length > 0) return undefined;
  return JSON.parse(readFileSync(join(root, path), "utf8")) as RunSummary;
}
