import { execFile } from "node:child_process";
import { describe, expect, test } from "vitest";

interface Outcome {
  readonly code: number | string | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of test/programs in a process of its own. */
function run(name: string): Promise<Outcome> {
  const program = new URL("./programs/programs.ts", import.meta.url).pathname;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--expose-gc", program, name], { timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), signal: error?.signal ?? null, stdout, stderr });
    });
  });
}

describe("a process ends well, silently and by itself:", () => {
  test.each([
    "ends with an open idle context",
    "process.exit() with work in flight",
    "process.exit() with a generation in flight",
    "process.exit() while a model loads",
    "process.exit() while a context opens",
    "objects that nobody keeps are collected",
    "a worker thread works beside the main thread",
    "a worker thread is terminated with work in flight",
    "the addon is used in a worker thread only",
    "process.exit() while a worker thread works",
  ])("%s", async (name) => {
    expect(await run(name)).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });
});

test("work in flight keeps a process alive until it is done", async () => {
  expect(await run("work in flight is finished before the process ends")).toEqual({
    code: 0,
    signal: null,
    stdout: "finished",
    stderr: "",
  });
});
