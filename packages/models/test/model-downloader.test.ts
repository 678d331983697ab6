import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadModelDownloader } from "../src/hugging-face/model-downloader.ts";

// As if it were not installed beside this package.
vi.mock("node-llama-cpp", () => {
  throw new Error("Cannot find package 'node-llama-cpp'");
});

const before = process.cwd();
let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "benchreport project "));
  process.chdir(project);
});

afterEach(async () => {
  process.chdir(before);
  await rm(project, { recursive: true, force: true });
});

describe("the downloader of models of Hugging Face", () => {
  test("where node-llama-cpp is not installed is an error that says how to install it", async () => {
    await expect(loadModelDownloader("hf:owner/repo/model.gguf")).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: "The model hf:owner/repo/model.gguf cannot be downloaded.",
      fix: expect.stringMatching(/npm install node-llama-cpp.*--model/),
    });
  });

  test("is found in the project that the user is in", async () => {
    await install("export async function createModelDownloader() { return 'here'; }");
    expect(await (await loadModelDownloader("hf:o/r/m.gguf"))({} as never)).toBe("here");
  });

  test("of a version that has none is an error that says so", async () => {
    await install("export const version = 2;");
    await expect(loadModelDownloader("hf:o/r/m.gguf")).rejects.toMatchObject({
      meta: { tried: expect.arrayContaining([expect.stringContaining("older than version 3")]) },
    });
  });
});

async function install(source: string): Promise<void> {
  const folder = join(project, "node_modules", "node-llama-cpp");
  await mkdir(folder, { recursive: true });
  const manifest = { name: "node-llama-cpp", type: "module", exports: { ".": { node: "./index.js" } } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.js"), source);
}
