import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

test.skipIf(process.platform === "win32")("another compiler is another native build, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "benchreport compiler "));
  try {
    const compiler = join(folder, "c++");
    await writeFile(compiler, '#!/bin/sh\necho "another compiler 1.0"\n');
    await chmod(compiler, 0o755);
    const usual = buildHashes(process.env);
    const other = buildHashes({ ...process.env, CXX: compiler });
    expect(buildHashes(process.env)).toEqual(usual);
    expect(other["@benchreport/llama-kv#build"]).not.toBe(usual["@benchreport/llama-kv#build"]);
    expect(other["@benchreport/contract#build"]).toBe(usual["@benchreport/contract#build"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Turbo's hash of each build task, without running any. */
function buildHashes(environment: NodeJS.ProcessEnv): Record<string, string> {
  const script = join(root, "tools/workspace/src/turbo.ts");
  const packages = ["--filter=@benchreport/llama-kv", "--filter=@benchreport/contract"];
  const { stderr } = spawnSync(process.execPath, [script, "run", "build", ...packages, "--dry=json"], {
    cwd: root,
    env: environment,
    encoding: "utf8",
  });
  const plan = stderr.slice(stderr.indexOf("\n{") + 1, stderr.lastIndexOf("}") + 1);
  const { tasks } = JSON.parse(plan) as { tasks: readonly { taskId: string; hash: string }[] };
  return Object.fromEntries(tasks.map(({ taskId, hash }) => [taskId, hash]));
}
