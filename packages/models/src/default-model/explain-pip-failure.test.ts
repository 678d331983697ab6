import { expect, test } from "vitest";
import { explainPipFailure } from "./explain-pip-failure.ts";

const silent = { exitCode: 1, startError: undefined, stdout: "", stderr: "" };

test("the last error line is the reason", () => {
  expect(explainPipFailure({ ...silent, stderr: "ERROR: first\nERROR: second\nnote: more\n" })).toBe("second");
});

test("without an error line the last line is", () => {
  expect(explainPipFailure({ ...silent, stdout: "Looking\n", stderr: "killed\n\n" })).toBe("killed");
});

test("without a line the exit code is", () => {
  expect(explainPipFailure(silent)).toMatch(/exit code 1/);
});

test("a connection that failed before the last error is told with it", () => {
  const stderr = `WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('no route')': /simple/
ERROR: No matching distribution found for fake==1.0`;
  expect(explainPipFailure({ ...silent, stderr })).toBe(
    "No matching distribution found for fake==1.0 (the connection failed: NewConnectionError('no route'))",
  );
});

test("a program that did not start is told as such", () => {
  expect(explainPipFailure({ ...silent, exitCode: undefined, startError: "not found" })).toMatch(
    /did not start: not found/,
  );
});
