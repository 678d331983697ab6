import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseOptions } from "./options.ts";

beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("without options everything is run", () => {
  expect(parseOptions([])).toEqual({
    only: ["speed", "abort", "snapshot", "overhead", "server", "exactness"],
    rounds: 9,
    threads: undefined,
    model: undefined,
    output: "bench-peers.json",
    allSettings: false,
    logitPrompts: 2,
    smoke: false,
  });
});

test("parts run in their own order, whatever the order in which they are asked for", () => {
  expect(parseOptions(["--only", "exactness, speed", "--threads", "2", "--logit-prompts", "99"])).toMatchObject({
    only: ["speed", "exactness"],
    threads: 2,
    logitPrompts: 12,
  });
});

test.each([
  ["--only", "speed,nothing"],
  ["--rounds", "6"],
  ["--rounds", "7.5"],
  ["--threads", "0"],
  ["--unknown"],
  ["stray"],
])("%s %s is refused", (...parameters) => {
  expect(() => parseOptions(parameters)).toThrow(expect.objectContaining({ exitCode: 1 }));
});
