import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { requireTestModel } from "./support/model-path.ts";

test("the README's example runs and prints a continuation", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const directory = await mkdtemp(path.join(tmpdir(), "llama-kv-readme-"));
  try {
    const file = path.join(directory, "example.mts");
    const source = new URL("../src/index.ts", import.meta.url).href;
    const program = example
      .replace('"@benchreport/llama-kv"', JSON.stringify(source))
      .replace('"SmolLM2-135M-Instruct.Q4_1.gguf"', JSON.stringify(requireTestModel()));
    await writeFile(file, program);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
    expect(stdout).toMatch(/^ .*\w/);
    expect(stderr).toBe("");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
