import type { TestResult, TestTask } from "./read-test-result.ts";
import type { RunSummary, TaskSummary } from "./run-summary.ts";

/** One line of the closing table. */
export interface Count {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly note: string;
}

/**
 * Counts a whole run: every test of every package, every check of the root, and for each task that failed without
 * saying how often, or that should have left a result and did not, one failure. A run that ended badly therefore never counts zero failures.
 *
 * @param exitCode Turbo's own.
 * @param resultOf What the tests of a package left, by the package's folder.
 */
export function countRun(
  summary: RunSummary | undefined,
  exitCode: number,
  resultOf: (folder: string, task: TestTask) => TestResult | undefined,
): readonly Count[] {
  const counts = (summary?.tasks ?? []).flatMap((task) => {
    if (task.command === "<NONEXISTENT>") return [];
    return isTestTask(task.task) ? [countTests(task, resultOf(task.directory, task.task))] : countCheck(task);
  });
  if (exitCode !== 0 && counts.every(({ failed }) => failed === 0)) {
    counts.push({ ...nothing, name: "turbo", failed: 1, note: `exit code ${exitCode}` });
  }
  return counts;
}

/** The sum over all lines. */
export function total(counts: readonly Count[]): Count {
  const sum = (pick: (count: Count) => number) => counts.reduce((value, count) => value + pick(count), 0);
  return {
    name: "total",
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    note: "",
  };
}

const nothing = { passed: 0, failed: 0, skipped: 0, note: "" };

function isTestTask(task: string): task is TestTask {
  return task === "test" || task === "test:long";
}

function countTests(task: TaskSummary, result: TestResult | undefined): Count {
  const name = task.taskId;
  const { execution } = task;
  if (execution === undefined || execution === null) return { ...nothing, name, note: "not run" };
  const cached = task.cache.status === "HIT";
  // What an earlier run left is not the result of this one; only the cache may bring back an older file.
  if (result === undefined || (!cached && result.startTime < execution.startTime)) {
    return { ...nothing, name, failed: 1, note: "left no result" };
  }
  const { passed, failed, skipped } = result;
  const silent = execution.exitCode !== 0 && failed === 0;
  return {
    name,
    passed,
    failed: silent ? 1 : failed,
    skipped,
    note: silent ? `exit code ${execution.exitCode}` : cached ? "cached" : "",
  };
}

/** A check of the root counts as one; a build counts only when it fails. */
function countCheck(task: TaskSummary): readonly Count[] {
  const name = task.taskId;
  const exitCode = task.execution?.exitCode;
  if (task.execution === undefined || task.execution === null) return [{ ...nothing, name, note: "not run" }];
  if (exitCode !== 0) return [{ ...nothing, name, failed: 1, note: `exit code ${exitCode}` }];
  const cached = task.cache.status === "HIT" ? "cached" : "";
  return task.taskId.startsWith("//") ? [{ ...nothing, name, passed: 1, note: cached }] : [];
}
