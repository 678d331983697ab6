import { mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findLibrary, readLibraryFiles } from "./library-files.ts";

test.each([
  ["linux", ["libllama-common.so", "libllama.v0.5.0.so"], "llama", "libllama.v0.5.0.so"],
  ["linux", ["libllama.so.1", "libllama.so", "libllama.v0.5.0.so"], "llama", "libllama.so"],
  ["linux", ["libggml-base.so", "libggml-cpu-x64.so", "libggml.v0.5.0.so"], "ggml", "libggml.v0.5.0.so"],
  ["linux", ["libllama-common.so", "libllama.dylib"], "llama", undefined],
  ["darwin", ["libllama.dylib", "libllama-common.dylib"], "llama", "libllama.dylib"],
  ["win32", ["llama-common.dll", "llama.v0.5.0.dll"], "llama", "llama.v0.5.0.dll"],
] as const)("on %s, %j holds %s as %s", (platform, names, library, expected) => {
  expect(findLibrary(names, library, platform)).toBe(expected);
});

test("a directory that is not there says so", async () => {
  expect(await readLibraryFiles("/nowhere/at/all")).toBe("can not be read (ENOENT)");
});

test("a directory without the library says so, and build metadata name the release", async () => {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "llama-kv-")));
  expect(await readLibraryFiles(directory)).toMatch(/holds no /);
  const suffix = process.platform === "win32" ? "dll" : process.platform === "darwin" ? "dylib" : "so";
  for (const name of ["libllama", "libggml-base", "libggml"])
    await writeFile(path.join(directory, `${name}.${suffix}`), "");
  expect(await readLibraryFiles(directory)).toMatchObject({ release: undefined });
  await writeFile(path.join(directory, "_nlcBuildMetadata.json"), '{"buildOptions":{"llamaCpp":{"release":"v1.2.3"}}}');
  const files = await readLibraryFiles(directory);
  expect(files).toMatchObject({ directory, release: "v1.2.3" });
  expect(typeof files === "string" ? [] : files.paths.map((file) => path.basename(file))).toEqual([
    `libggml-base.${suffix}`,
    `libggml.${suffix}`,
    `libllama.${suffix}`,
  ]);
});
