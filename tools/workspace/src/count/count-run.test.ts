import { describe, expect, test } from "vitest";
import { countRun, total } from "./count-run.ts";
import { formatCounts } from "./format-counts.ts";
import type { TestResult } from "./read-test-result.ts";
import type { TaskSummary } from "./run-summary.ts";

const startTime = 1000;
const ran = (exitCode: number) => ({ startTime, exitCode });

describe("the count of a run", () => {
  test("adds up the tests of all packages and the checks of the root", () => {
    const tasks = [task("//#lint"), task("a#build"), task("a#test"), task("b#test", { cache: { status: "HIT" } })];
    const results = { a: result(3, 0, 1), b: { ...result(4, 0), startTime: 1 } };
    expect(sum(tasks, 0, results)).toMatchObject({ passed: 8, failed: 0, skipped: 1 });
  });

  test.each(["//#lint", "a#build"])("counts one failure for %s that failed", (taskId) => {
    expect(sum([task(taskId, { execution: ran(1) })], 1, {})).toMatchObject({ passed: 0, failed: 1 });
  });

  test("counts each failed test", () => {
    expect(sum([task("a#test", { execution: ran(1) })], 1, { a: result(5, 2) })).toMatchObject({
      passed: 5,
      failed: 2,
    });
  });

  test("counts one failure for tests that all passed in a process that failed", () => {
    expect(sum([task("a#test", { execution: ran(1) })], 1, { a: result(5, 0) })).toMatchObject({
      passed: 5,
      failed: 1,
    });
  });

  test("counts one failure for tests that left no result, whatever the exit code", () => {
    expect(sum([task("a#test")], 0, {})).toMatchObject({ passed: 0, failed: 1 });
  });

  test("does not take the result of an earlier run for that of this one", () => {
    const stale = { ...result(5, 0), startTime: startTime - 1 };
    expect(sum([task("a#test")], 0, { a: stale })).toMatchObject({ passed: 0, failed: 1 });
  });

  test("adds up the tests that take minutes in a run of their own, from their own results", () => {
    const tasks = [task("a#build"), task("a#test:long"), task("b#test:long", { command: "<NONEXISTENT>" })];
    const counts = countRun({ tasks }, 0, (folder, name) =>
      `${folder}#${name}` === "a#test:long" ? result(2, 1) : undefined,
    );
    expect(total(counts)).toMatchObject({ passed: 2, failed: 1 });
  });

  test("does not count what was not run, nor what an earlier run of it left", () => {
    const tasks = [task("a#build", { execution: ran(2) }), task("a#test", { execution: null })];
    expect(sum(tasks, 1, { a: result(5, 0) })).toMatchObject({ passed: 0, failed: 1 });
  });

  test("passes over tasks that a package does not have", () => {
    expect(countRun({ tasks: [task("a#build", { command: "<NONEXISTENT>" })] }, 0, () => undefined)).toEqual([]);
  });

  test("is never without a failure when turbo failed", () => {
    expect(sum([task("//#lint")], 1, {})).toMatchObject({ passed: 1, failed: 1 });
    expect(total(countRun(undefined, 3, () => undefined))).toMatchObject({ passed: 0, failed: 1 });
  });

  test("ends in one plain line", () => {
    const counts = countRun({ tasks: [task("//#lint"), task("a#test")] }, 0, () => result(41, 0, 2));
    expect(formatCounts(counts)).toMatchInlineSnapshot(`
      "//#lint     1 passed     0 failed     0 skipped
      a#test     41 passed     0 failed     2 skipped

      42 passed, 0 failed"
    `);
  });
});

function task(taskId: string, changes: Partial<TaskSummary> = {}): TaskSummary {
  const [directory = "", name = ""] = taskId.split("#");
  const defaults = { command: "x", cache: { status: "MISS" }, execution: ran(0) } as const;
  return { taskId, task: name, directory, ...defaults, ...changes };
}

function result(passed: number, failed: number, skipped = 0): TestResult {
  return { passed, failed, skipped, startTime };
}

function sum(tasks: readonly TaskSummary[], exitCode: number, results: Readonly<Record<string, TestResult>>) {
  return total(countRun({ tasks }, exitCode, (folder) => results[folder]));
}
