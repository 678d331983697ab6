import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport ci "));
  await mkdir(join(root, ".ci"));
  await copyFile(join(import.meta.dirname, "../../../.ci/run"), join(root, ".ci/run"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe.skipIf(process.platform === "win32")("the run of everything", () => {
  test("ends with one line that sums up both runs", async () => {
    expect(await run({ test: closes("41 passed, 0 failed"), long: closes("2 passed, 0 failed") })).toEqual({
      status: 0,
      lastLine: "43 passed, 0 failed",
      calls: ["test", "test:long"],
    });
  });

  test.each([
    ["the first run", { test: `${closes("40 passed, 1 failed")} exit 1`, long: closes("2 passed, 0 failed") }],
    ["the second run", { test: closes("41 passed, 0 failed"), long: `${closes("1 passed, 1 failed")} exit 1` }],
  ])("goes on after a failure in %s and fails", async (_, runs) => {
    const { status, lastLine, calls } = await run(runs);
    expect({ status, calls }).toEqual({ status: 1, calls: ["test", "test:long"] });
    expect(lastLine).toMatch(/^4[12] passed, 1 failed$/);
  });

  test("counts one failure for a run that ended without counting", async () => {
    expect(await run({ test: "exit 1", long: closes("2 passed, 0 failed") })).toMatchObject({
      status: 1,
      lastLine: "2 passed, 1 failed",
    });
    expect(await run({ test: closes("41 passed, 0 failed"), long: "true" })).toMatchObject({
      status: 1,
      lastLine: "41 passed, 1 failed",
    });
  });

  test("is never without a failure when a run failed", async () => {
    const runs = { test: closes("41 passed, 0 failed"), long: `${closes("2 passed, 0 failed")} exit 7` };
    expect(await run(runs)).toMatchObject({ status: 1, lastLine: "43 passed, 1 failed" });
  });

  test("does not count what an earlier run left", async () => {
    await mkdir(join(root, ".test-results"));
    await writeFile(join(root, ".test-results/closing-line-test.txt"), "41 passed, 0 failed\n");
    expect(await run({ test: "exit 1", long: "exit 1" })).toMatchObject({ status: 1, lastLine: "0 passed, 2 failed" });
  });
});

/** What a run does that writes its closing line. */
function closes(line: string): string {
  return `mkdir -p .test-results; echo "${line}" >".test-results/closing-line-$file.txt";`;
}

/** Runs the script with a package manager that does as it is told and has the last word, as the real one. */
async function run({ test, long }: { readonly test: string; readonly long: string }) {
  const npx = join(root, "npx");
  await writeFile(
    npx,
    `#!/bin/sh
    echo "$3" >>calls
    trap 'echo "the package manager has the last word" >&2' EXIT
    case "$3" in
      test) file=test; ${test} ;;
      test:long) file=test-long; ${long} ;;
    esac`,
  );
  await chmod(npx, 0o755);
  const { status, stdout } = spawnSync(
    "bash",
    ["-c", `rm -f calls; bash .ci/run 2>&1; status=$?; echo; cat calls; exit $status`],
    { cwd: root, encoding: "utf8", env: { ...process.env, PATH: `${root}:${process.env["PATH"]}` } },
  );
  const [output = "", calls = ""] = stdout.split("\n\n");
  return { status, lastLine: output.split("\n").at(-1), calls: calls.trim().split("\n") };
}
