import { afterEach, expect, test } from "vitest";
import { BINARIES_VARIABLE, listPackages, locateBinaries } from "./locate-binaries.ts";

afterEach(() => {
  delete process.env[BINARIES_VARIABLE];
});

test.each([
  ["linux", "x64", "cpu", ["@node-llama-cpp/linux-x64"]],
  ["linux", "arm", "cpu", ["@node-llama-cpp/linux-armv7l"]],
  ["darwin", "arm64", "cpu", ["@node-llama-cpp/mac-arm64-metal"]],
  ["win32", "x64", "cuda", ["@node-llama-cpp/win-x64-cuda"]],
  [
    "linux",
    "x64",
    "auto",
    ["@node-llama-cpp/linux-x64-cuda", "@node-llama-cpp/linux-x64-vulkan", "@node-llama-cpp/linux-x64"],
  ],
  ["sunos", "x64", "auto", []],
] as const)("packages of %s %s with %s", (platform, arch, accelerator, expected) => {
  expect(listPackages(platform, arch, accelerator)).toEqual(expected);
});

test("the installed package is found, of the addon's release", async () => {
  const result = await locateBinaries();
  expect(result.found?.release).toBe(result.expectedRelease);
  expect(result.tried.at(-1)).toMatchObject({ outcome: "found", directory: result.found?.directory });
});

test("an accelerator that is not installed is named", async () => {
  const { found, tried } = await locateBinaries({ accelerator: "cuda" });
  expect(found).toBeUndefined();
  expect(tried).toMatchObject([{ outcome: "is not installed", directory: undefined }]);
});

test("a directory that somebody named is the only place, the option before the variable", async () => {
  process.env[BINARIES_VARIABLE] = "/nowhere/by/variable";
  expect((await locateBinaries()).tried).toMatchObject([
    { source: BINARIES_VARIABLE, directory: "/nowhere/by/variable" },
  ]);
  const { tried } = await locateBinaries({ binariesDirectory: "/nowhere/by/option" });
  expect(tried).toMatchObject([{ source: "binariesDirectory", outcome: "can not be read (ENOENT)" }]);
});
