import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The tasks that run tests, each of which leaves a result file of its own. */
export type TestTask = "test" | "test:long";

/** What one package's test run came to. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** In milliseconds since 1970. */
  readonly startTime: number;
}

const resultFiles: Readonly<Record<TestTask, string>> = {
  test: ".test-results/test.json",
  "test:long": ".test-results/test-long.json",
};

interface VitestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly startTime: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Reads what the tests of the package in a folder left; `undefined` when there is nothing that can be read. */
export function readTestResult(folder: string, task: TestTask): TestResult | undefined {
  try {
    const result = JSON.parse(readFileSync(join(folder, resultFiles[task]), "utf8")) as VitestResult;
    // A file that cannot even be loaded has no test that failed.
    const broken = result.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
    );
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + broken.length,
      skipped: result.numPendingTests + result.numTodoTests,
      startTime: result.startTime,
    };
  } catch {
    return undefined;
  }
}
