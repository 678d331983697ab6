import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { writeAdapter } from "./write-adapter.ts";

interface ListedBackend {
  readonly name: string;
  readonly bundled: boolean;
  readonly usable: boolean;
  readonly findings: readonly { readonly what: string; readonly ok: boolean; readonly fix: string | null }[];
  readonly settings_schema: { readonly properties: Readonly<Record<string, unknown>> } | null;
  readonly capabilities: Readonly<Record<string, unknown>> | null;
}

async function listBackends(args: readonly string[], cwd?: string): Promise<readonly ListedBackend[]> {
  const { stdout } = await runCli(["backends", ...args, "--json"], { cwd });
  return (JSON.parse(stdout) as { backends: readonly ListedBackend[] }).backends;
}

describe("backends", () => {
  it("lists the bundled adapters, and installed packages by their names, from wherever they can be seen", async () => {
    const cwd = await temporaryFolder();
    const inner = join(cwd, "inner");
    await mkdir(inner);
    await installAdapter(join(cwd, "node_modules", "@acme", "benchreport-backend-x"));
    await installAdapter(join(inner, "node_modules", "benchreport-backend-y"));
    await mkdir(join(cwd, "node_modules", "@acme", "something-else"));
    await mkdir(join(cwd, "node_modules", "benchreport-backend-broken"));
    const found = await listBackends([], inner);
    expect(found.map(({ name, bundled, usable }) => [name, bundled, usable])).toEqual([
      ["llama", true, expect.any(Boolean)],
      ["memory", true, true],
      ["@acme/benchreport-backend-x", false, true],
      ["benchreport-backend-broken", false, false],
      ["benchreport-backend-y", false, true],
    ]);
    const { stdout, exitCode } = await runCli(["backends"], { cwd, env: { COLUMNS: "200" } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^memory +usable +memory 1 +Simulated engine/m);
    expect(stdout).toMatch(/^benchreport-backend-broken misses\n {2}✘ .+/m);
  });

  it("shows each setting of one with type, default and meaning", async () => {
    const { stdout, exitCode } = await runCli(["backends", "memory"], { env: { COLUMNS: "200" } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^setting +type +default +meaning$/m);
    expect(stdout).toMatch(
      /^wholePrefix +choice +all +What an identical prefix reuses\. One of all, all_but_last, aligned\.$/m,
    );
    expect(stdout).toMatch(/^noise +number +0 +Standard deviation of all times, as a share of them\. From 0 to 1\.$/m);
    expect(stdout).not.toContain("Capabilities");
    const [memory] = await listBackends(["memory"]);
    expect(Object.keys(memory?.settings_schema?.properties ?? {})).toContain("chunkTokens");
    expect(memory?.capabilities).toBeNull();
  });

  it("shows what an adapter can do when it is started", async () => {
    const args = ["memory", "--set", "granularityTokens=50", "--set", "maxSessions=1"];
    const { stdout } = await runCli(["backends", ...args]);
    expect(stdout).toMatch(/^reuse of a prefix +at each multiple of 50 tokens$/m);
    expect(stdout).toMatch(/^sessions at once +1$/m);
    const [memory] = await listBackends(args);
    expect(memory?.capabilities).toMatchObject({ reuse: { granularityTokens: 50 }, maxSessions: 1, tokenIds: true });
  });

  it.each([
    ["an unknown name", ["backends", "nope"], /no backend "nope"[\s\S]*\[BACKEND_NOT_FOUND\]/],
    ["an unknown setting", ["backends", "memory", "--set", "x=1"], /no setting "x"/],
    ["a model for all of them", ["backends", "--model", "m.gguf"], /name it/],
    [
      "a model that is not there",
      ["backends", "llama", "--model", "m.gguf"],
      /\[(MODEL_NOT_FOUND|ENGINE_UNAVAILABLE)\]/,
    ],
  ])("refuses %s", async (_, args, said) => {
    const result = await runCli(args, { cwd: await temporaryFolder() });
    expect(result).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringMatching(said) });
  });

  it("does not wait for an adapter that keeps its process alive", async () => {
    const cwd = await temporaryFolder();
    const path = await writeAdapter(cwd, "");
    await writeFile(
      join(cwd, "alive.mjs"),
      `setInterval(() => {}, 1000);\nexport { backend } from ${JSON.stringify(path)};`,
    );
    const [found] = await listBackends(["./alive.mjs"], cwd);
    expect(found).toMatchObject({ name: "./alive.mjs", usable: true });
  });
});

async function installAdapter(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeAdapter(folder, "");
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", exports: "./adapter.mjs" }));
}
