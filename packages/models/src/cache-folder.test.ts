import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { cacheFolder } from "./cache-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("the cache folder is what BENCHREPORT_CACHE says, made absolute", () => {
  vi.stubEnv("BENCHREPORT_CACHE", "some where");
  expect(cacheFolder()).toBe(resolve("some where"));
});

test.runIf(process.platform === "linux")(
  "an empty BENCHREPORT_CACHE counts as none: the platform's folder is taken",
  () => {
    vi.stubEnv("BENCHREPORT_CACHE", "");
    vi.stubEnv("XDG_CACHE_HOME", undefined);
    expect(cacheFolder()).toBe(join(homedir(), ".cache", "benchreport"));
  },
);
