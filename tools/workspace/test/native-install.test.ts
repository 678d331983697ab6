import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addonPackage, installPackages, readInstallRecord, runTinyModel } from "./install-packages.ts";
import { packWorkspace } from "./pack-workspace.ts";

const root = resolve(import.meta.dirname, "../../..");
const installTimeoutMs = 240_000;

describe("in an empty folder, everything installed with npm", () => {
  let scratch: string;
  let folder: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "benchreport native "));
    folder = join(scratch, "an empty folder");
    await installPackages(folder, await packWorkspace(root, scratch));
  }, installTimeoutMs);

  afterAll(() => rm(scratch, { recursive: true, force: true }));

  test("the addon that came with the package is used", async () => {
    expect(await readInstallRecord(folder)).toEqual({
      addon: "prebuilt",
      text: "the addon that came with the package is used.",
    });
  });

  test("the command line measures llama.cpp without node-llama-cpp", { timeout: installTimeoutMs }, async () => {
    const { report } = await runTinyModel(folder);
    expect(report).toMatchObject({ backend: "llama", mode: "live_prefix_reuse", complete: true });
  });

  // Last: it takes the addon away.
  test("where the addon does not load and nothing compiles, its first use says why", { timeout: 60_000 }, async () => {
    await rm(join(addonPackage(folder), "build/Release"), { recursive: true });
    const installation = spawnSync(process.execPath, ["scripts/install.mjs"], {
      cwd: addonPackage(folder),
      encoding: "utf8",
      env: { ...process.env, PATH: "" },
    });
    expect(installation).toMatchObject({ status: 0, stdout: expect.stringContaining("CMake is not on the PATH") });
    await expect(runTinyModel(folder)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CMake is not on the PATH[\s\S]*npm rebuild @benchreport\/llama-kv/),
    });
  });
});
