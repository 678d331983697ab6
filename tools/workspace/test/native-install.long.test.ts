import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { addonPackage, installPackages, readInstallRecord, runTinyModel } from "./install-packages.ts";
import { packWorkspace, runNpm } from "./pack-workspace.ts";

const root = resolve(import.meta.dirname, "../../..");
const reason = spawnSync("cmake", ["--version"]).status === 0 ? "" : " (skipped: there is no CMake on this machine)";

test.skipIf(reason !== "")(`an addon for another platform is replaced by a compiled one${reason}`, async () => {
  const scratch = await mkdtemp(join(tmpdir(), "benchreport compile "));
  const folder = join(scratch, "an empty folder");
  try {
    await installPackages(folder, await packWorkspace(root, scratch));
    await writeFile(join(addonPackage(folder), "build/Release/llama_kv.node"), "for another platform");
    await runNpm("npm", ["rebuild", "@benchreport/llama-kv"], folder);
    expect(await readInstallRecord(folder)).toMatchObject({
      addon: "compiled",
      text: expect.stringMatching(/cannot be used here \(.+\); it was compiled from source\.$/s),
    });
    expect((await runTinyModel(folder)).report).toMatchObject({ backend: "llama", complete: true });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});
