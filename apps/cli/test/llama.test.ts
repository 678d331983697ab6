import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("without what llama.cpp needs", () => {
  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ["its libraries", { LLAMA_KV_BINARIES: "/nowhere" }, /LLAMA_KV_BINARIES/],
    ["its addon", { LLAMA_KV_ADDON: "/nowhere/llama_kv.node" }, /llama_kv\.node/],
  ])("a run says that %s is missing and what to do, and doctor agrees", async (_, env, said) => {
    for (const args of [["run"], ["run", "--backend", "llama", "--model", process.execPath]]) {
      const result = await runCli(args, { env });
      expect(result).toMatchObject({ exitCode: 2, stdout: "" });
      expect(result.stderr).toMatch(said);
      expect(result.stderr).toContain("[ENGINE_UNAVAILABLE]");
      expect(result.stderr).toMatch(/^ {2}fix {2}/m);
      expect(result.stderr).not.toMatch(/^ {4}at /m);
    }
    const doctor = await runCli(["doctor"], { env });
    expect(doctor.exitCode).toBe(2);
    expect(doctor.stdout).toMatch(/llama {2}not usable/);
    expect(doctor.stdout).toMatch(said);
  });
});

describe("a model is refused", () => {
  it.each<[string, string, RegExp]>([
    ["that is absent", "absent.gguf", /\[MODEL_NOT_FOUND\]/],
    ["that is a folder", "folder", /directory[\s\S]*\[MODEL_INVALID\]/],
    ["that is empty", "empty.gguf", /empty[\s\S]*\[MODEL_INVALID\]/],
    ["that is not GGUF", "text.gguf", /not a GGUF file[\s\S]*\[MODEL_INVALID\]/],
    ["whose header is cut", "cut.gguf", /\[MODEL_INVALID\]/],
  ])("%s", async (_, name, said) => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, "folder"));
    await writeFile(join(cwd, "empty.gguf"), "");
    await writeFile(join(cwd, "text.gguf"), "This is some text, and no model at all.");
    // Magic and version 3, then counts of tensors and metadata that the file does not hold.
    await writeFile(
      join(cwd, "cut.gguf"),
      Buffer.concat([Buffer.from("GGUF"), Buffer.from([3, 0, 0, 0]), Buffer.alloc(16, 1)]),
    );
    const result = await runCli(["run", "--backend", "llama", "--model", name, "--output", "json=r.json"], { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(said);
    expect(result.stderr).not.toMatch(/^ {4}at /m);
  });
});

it("a model that is not on this machine is not fetched with --offline, and the message says what to do", async () => {
  const cwd = await temporaryFolder();
  for (const model of [[], ["--model", "hf:owner/repository/file.gguf"]]) {
    const args = ["run", "--backend", "llama", "--offline", ...model];
    const result = await runCli(args, { cwd, env: { BENCHREPORT_CACHE: cwd } });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(/is not on this machine\. \[DOWNLOAD_FAILED\]/);
    expect(result.stderr).toMatch(/fix {2}Run once without --offline/);
  }
  expect(await readdir(cwd)).toEqual([]);
});

it("a setting that llama.cpp refuses is refused by name", async () => {
  const result = await runCli(["run", "--backend", "llama", "--set", "threads=many"]);
  expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('threads cannot be "many"') });
});
