import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { countRun, total } from "./count/count-run.ts";
import { closingLine, formatCounts } from "./count/format-counts.ts";
import { readTestResult } from "./count/read-test-result.ts";
import { readSummary, removeSummaries } from "./count/run-summary.ts";
import { exitLike, runTurbo } from "./turbo/run-turbo.ts";

// node test.ts: every check and every test of the workspace, then their sum.
// node test.ts test:long: the tests that take minutes, and their sum.
const root = resolve(import.meta.dirname, "../../..");
const long = process.argv[2] === "test:long";
const closing = join(root, `.test-results/closing-line-${long ? "test-long" : "test"}.txt`);

rmSync(closing, { force: true });
removeSummaries(root);
const exit = await runTurbo([
  "run",
  ...(long ? ["build", "test:long"] : ["//#lint", "//#types", "//#imports", "//#lockfile", "build", "test"]),
  // One failure does not hide the others.
  "--continue=dependencies-successful",
  "--summarize",
]);
if ("signal" in exit) exitLike(exit);
else {
  const counts = countRun(readSummary(root), exit.code, (folder, task) => readTestResult(join(root, folder), task));
  console.log(formatCounts(counts));
  // For a caller whose own output goes on after this process has ended.
  mkdirSync(join(root, ".test-results"), { recursive: true });
  writeFileSync(closing, `${closingLine(counts)}\n`);
  process.exitCode = exit.code !== 0 || total(counts).failed > 0 ? 1 : 0;
}
