import { mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type LogLine, loadLibrary, locateBinaries } from "../src/index.ts";
import { requireTestModel } from "./support/model-path.ts";

let directory: string;

beforeAll(async () => {
  directory = await realpath(await mkdtemp(path.join(tmpdir(), "llama-kv-library-")));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

// In this order: what comes before the library is loaded in this process, then loading it, then what comes after.
describe("opening llama.cpp", () => {
  test("fails with ADDON_NOT_BUILT where the addon is missing or is none", async () => {
    for (const file of [path.join(directory, "missing.node"), import.meta.filename]) {
      vi.stubEnv("LLAMA_KV_ADDON", file);
      vi.resetModules();
      const { loadLibrary: fresh } = await import("../src/index.ts");
      await expect(fresh()).rejects.toMatchObject({ code: "ADDON_NOT_BUILT", meta: { file } });
    }
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  test("fails with LIBRARY_NOT_FOUND and the places tried", async () => {
    await expect(loadLibrary({ binariesDirectory: directory })).rejects.toMatchObject({
      code: "LIBRARY_NOT_FOUND",
      meta: { tried: [{ source: "binariesDirectory", directory, outcome: expect.stringMatching(/^holds no /) }] },
    });
    await expect(loadLibrary({ accelerator: "vulkan" })).rejects.toMatchObject({
      code: "LIBRARY_NOT_FOUND",
      why: expect.stringContaining("-vulkan: is not installed"),
    });
  });

  test("fails with LIBRARY_LOAD_FAILED and the system's words for a file that is no library", async () => {
    const file = path.join(directory, libraryName("llama"));
    await writeFile(file, "no library");
    await expect(loadLibrary({ binariesDirectory: directory })).rejects.toMatchObject({
      code: "LIBRARY_LOAD_FAILED",
      meta: { path: file },
    });
    await rm(file);
  });

  test("fails with LIBRARY_RELEASE_MISMATCH, naming both releases", async () => {
    await linkInstalledLibraries();
    const metadata = path.join(directory, "_nlcBuildMetadata.json");
    await rm(metadata, { force: true });
    await writeFile(metadata, '{"buildOptions":{"llamaCpp":{"release":"b1234"}}}');
    const { expectedRelease } = await locateBinaries();
    await expect(loadLibrary({ binariesDirectory: directory })).rejects.toMatchObject({
      code: "LIBRARY_RELEASE_MISMATCH",
      message: expect.stringMatching(new RegExp(`b1234.*${expectedRelease}`)),
    });
    await rm(metadata);
  });

  test("gives one library, whose log goes to whoever asked for it and nowhere else", async () => {
    const stderr = vi.spyOn(process.stderr, "write");
    const lines: LogLine[] = [];
    const library = await loadLibrary({ onLog: (line) => lines.push(line) });
    expect(await loadLibrary()).toBe(library);
    expect(library.devices.some(({ type, memoryBytes }) => type === "cpu" && memoryBytes > 0)).toBe(true);
    expect(library.systemInformation).toContain("CPU");
    expect(library.release).toBe((await locateBinaries()).expectedRelease);

    await using _model = await library.loadModel(requireTestModel());
    await vi.waitFor(() => expect(lines.some(({ text }) => text.includes("general.architecture"))).toBe(true));
    expect(lines.every(({ text }) => text !== "" && !text.includes("\n"))).toBe(true);
    expect(new Set(lines.map(({ level }) => level)).has("information")).toBe(true);
    expect(stderr).not.toHaveBeenCalled();
  });

  test("fails with LIBRARY_ALREADY_LOADED for a second directory", async () => {
    const loadedDirectory = (await locateBinaries()).found?.directory;
    await expect(loadLibrary({ binariesDirectory: directory })).rejects.toMatchObject({
      code: "LIBRARY_ALREADY_LOADED",
      meta: { directory, loadedDirectory },
    });
  });
});

async function linkInstalledLibraries(): Promise<void> {
  const installed = (await locateBinaries()).found?.directory ?? "";
  for (const name of await readdir(installed)) await symlink(path.join(installed, name), path.join(directory, name));
}

function libraryName(name: string): string {
  return { win32: `${name}.dll`, darwin: `lib${name}.dylib` }[process.platform as string] ?? `lib${name}.so`;
}
