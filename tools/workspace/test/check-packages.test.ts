import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type FixtureFiles, packageFile, writeFixture } from "./fixture-workspace.ts";

const sound: FixtureFiles = {
  "packages/contract/package.json": packageFile("@benchreport/contract", { dependencies: { library: "1" } }),
  "packages/contract/node_modules/library/package.json": { name: "library", dependencies: { deeper: "1" } },
  "packages/contract/node_modules/deeper/package.json": { name: "deeper", engines: { node: ">=18" } },
};

describe("the check of the package files of a workspace", () => {
  test("passes where nothing is wrong", async () => {
    expect(await check({})).toMatchObject({ status: 0, stderr: "" });
  });

  test("fails on a forbidden dependency", async () => {
    const report = packageFile("@benchreport/report", { dependencies: { "@benchreport/contract": "workspace:^" } });
    const { status, stderr } = await check({ "packages/report/package.json": report });
    expect(status).toBe(1);
    expect(stderr).toMatch(/packages\/report\/package\.json: .*the import table forbids/);
  });

  test("fails on what needs a newer Node than promised, however deep", async () => {
    const { status, stderr } = await check({
      "packages/contract/node_modules/deeper/package.json": { name: "deeper", engines: { node: ">=22" } },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/@benchreport\/contract → library → deeper@.* wants Node >=22/);
  });

  test("fails on tests that no script runs, and on a script without tests", async () => {
    const forgotten = await check({ "packages/contract/test/soak.long.test.ts": "" });
    expect(forgotten.stderr).toMatch(/packages\/contract\/package\.json: no script test:long runs test/);
    const report = packageFile("@benchreport/report", { scripts: { "test:long": "vitest run --mode long" } });
    expect((await check({ "packages/report/package.json": report })).stderr).toMatch(/test:long has no/);
  });

  test("fails on a published package that promises no Node version", async () => {
    const { stderr } = await check({ "packages/report/package.json": { name: "@benchreport/report" } });
    expect(stderr).toMatch(/engines\.node is missing/);
  });
});

async function check(files: FixtureFiles) {
  await using fixture = await writeFixture({ ...sound, ...files });
  const script = join(import.meta.dirname, "../src/check-packages.ts");
  return spawnSync(process.execPath, [script, fixture.root], { encoding: "utf8" });
}
