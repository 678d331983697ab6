import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type FixtureFiles, packageFile, writeFixture } from "./fixture-workspace.ts";

const root = resolve(import.meta.dirname, "../../..");

// A small workspace in which nothing is wrong; each case below adds one fault.
const sound: FixtureFiles = {
  "package.json": { name: "fixture", private: true },
  "packages/contract/package.json": packageFile("@benchreport/contract"),
  "packages/contract/src/index.ts": "export const contract = 1;\n",
  "packages/contract/src/oracle.ts": 'export { predict } from "./predict-reuse.ts";\n',
  "packages/contract/src/predict-reuse.ts": "export const predict = 1;\n",
  "packages/report/package.json": packageFile("@benchreport/report"),
  "packages/report/src/index.ts": "export const report = 1;\n",
  "packages/runner/package.json": packageFile("@benchreport/runner", needs("contract", "report")),
  "packages/runner/src/index.ts":
    'import "@benchreport/report";\nimport "@benchreport/contract/oracle";\nexport const runner = 1;\n',
  "packages/backend-a/package.json": packageFile("@benchreport/backend-a", needs("contract")),
  "packages/backend-a/src/index.ts": 'export { contract } from "@benchreport/contract";\n',
  "packages/backend-b/package.json": packageFile("@benchreport/backend-b", needs("contract", "b-kv")),
  "packages/backend-b/src/index.ts": 'import "@benchreport/b-kv";\n',
  "native/b-kv/package.json": packageFile("@benchreport/b-kv"),
  "native/b-kv/src/index.ts": "export const native = 1;\n",
  "apps/cli/package.json": packageFile("benchreport", needs("contract", "runner", "backend-a")),
  "apps/cli/src/index.ts": 'import "@benchreport/runner";\nimport "./bundled-backends.ts";\n',
  "apps/cli/src/bundled-backends.ts": 'export const load = () => import("@benchreport/backend-a");\n',
};

describe("the import check", () => {
  test("passes where nothing is wrong", async () => {
    expect(await check({})).toEqual({ failed: false, rules: [] });
  });

  test.each<[fault: string, rule: string, files: FixtureFiles]>([
    [
      "a layer reaching up",
      "layers: packages/report",
      {
        "packages/report/package.json": packageFile("@benchreport/report", needs("contract")),
        "packages/report/src/index.ts": 'import "@benchreport/contract";\n',
      },
    ],
    [
      "a type from a forbidden layer",
      "layers: packages/report",
      {
        "packages/report/package.json": packageFile("@benchreport/report", needs("contract")),
        "packages/report/src/index.ts": 'export type A = typeof import("@benchreport/contract");\n',
      },
    ],
    [
      "a binding that knows the workspace",
      "layers: native/[^/]+",
      {
        "native/b-kv/package.json": packageFile("@benchreport/b-kv", needs("contract")),
        "native/b-kv/src/index.ts": 'import "@benchreport/contract";\n',
      },
    ],
    [
      "an adapter that uses another adapter's binding",
      "layers: packages/backend-([^/]+)",
      {
        "packages/backend-a/package.json": packageFile("@benchreport/backend-a", needs("contract", "b-kv")),
        "packages/backend-a/src/index.ts": 'import "@benchreport/b-kv";\n',
      },
    ],
    [
      "a path around the exports",
      "not-around-the-exports",
      { "packages/runner/src/index.ts": 'import "../../report/src/index.ts";\n' },
    ],
    [
      "a cycle of files",
      "no-cycle",
      {
        "packages/report/src/index.ts": 'import "./other.ts";\nexport const a = 1;\n',
        "packages/report/src/other.ts": 'import "./index.ts";\nexport const b = 1;\n',
      },
    ],
    [
      "an adapter that asks the oracle",
      "judge-and-judged-apart",
      { "packages/backend-a/src/index.ts": 'import "@benchreport/contract/oracle";\n' },
    ],
    [
      "an adapter's test that asks the oracle",
      "judge-and-judged-apart",
      { "packages/backend-a/src/a.test.ts": 'import "@benchreport/contract/oracle";\n' },
    ],
    [
      "a contract that hands the oracle to adapters",
      "judge-and-judged-apart",
      { "packages/contract/src/index.ts": 'export { predict as contract } from "./predict-reuse.ts";\n' },
    ],
    [
      "the conformance suite outside its one test",
      "conformance-in-its-one-test",
      {
        "packages/conformance/package.json": packageFile("@benchreport/conformance", needs("contract")),
        "packages/conformance/src/index.ts": "export const conformance = 1;\n",
        "packages/backend-a/package.json": packageFile("@benchreport/backend-a", {
          ...needs("contract"),
          devDependencies: { "@benchreport/conformance": "workspace:^" },
        }),
        "packages/backend-a/src/index.ts": 'import "@benchreport/conformance";\n',
      },
    ],
    [
      "an adapter that the command line always loads",
      "adapters-lazily",
      { "apps/cli/src/bundled-backends.ts": 'import "@benchreport/backend-a";\n' },
    ],
    [
      "an adapter named elsewhere in the command line",
      "adapters-in-one-file",
      { "apps/cli/src/index.ts": 'await import("@benchreport/backend-a");\n' },
    ],
    [
      "an engine named outside its adapter",
      "engines-behind-adapters",
      {
        "packages/runner/package.json": packageFile("@benchreport/runner", {
          dependencies: { ...needs("contract", "report").dependencies, "node-llama-cpp": "1" },
        }),
        "packages/runner/node_modules/node-llama-cpp/package.json": { name: "node-llama-cpp", main: "index.js" },
        "packages/runner/node_modules/node-llama-cpp/index.js": "export {};\n",
        "packages/runner/src/index.ts": 'import "node-llama-cpp";\n',
      },
    ],
    [
      "an undeclared package of the workspace",
      "resolvable",
      { "packages/runner/src/index.ts": 'import "@benchreport/backend-a";\n' },
    ],
    [
      "an undeclared package that happens to be installed",
      "declared",
      {
        "node_modules/stray/package.json": { name: "stray", main: "index.js" },
        "node_modules/stray/index.js": "export {};\n",
        "packages/runner/src/index.ts": 'import "stray";\n',
      },
    ],
    [
      "a development dependency in published code",
      "no-development-dependency-at-run-time",
      {
        "packages/report/package.json": packageFile("@benchreport/report", { devDependencies: { tool: "1" } }),
        "packages/report/node_modules/tool/package.json": { name: "tool", main: "index.js" },
        "packages/report/node_modules/tool/index.js": "export {};\n",
        "packages/report/src/index.ts": 'import "tool";\n',
      },
    ],
  ])("fails on %s", async (_, rule, files) => {
    expect(await check(files)).toEqual({ failed: true, rules: [rule] });
  });
});

function needs(...names: readonly string[]) {
  return { dependencies: Object.fromEntries(names.map((name) => [`@benchreport/${name}`, "workspace:^"])) };
}

/** Runs the repository's own configuration over the fixture, as the `imports` script does over the repository. */
async function check(files: FixtureFiles): Promise<{ failed: boolean; rules: readonly string[] }> {
  await using fixture = await writeFixture({ ...sound, ...files });
  const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const parameters = [cruiser, "--config", join(root, ".dependency-cruiser.mjs"), "apps", "packages", "native"];
  const outcome = await promisify(execFile)(process.execPath, parameters, { cwd: fixture.root }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => error,
  );
  const rules = [...outcome.stdout.matchAll(/^ {2}error (.+): \S+( → |$)/gm)].map(([, rule = ""]) => rule);
  return { failed: outcome.code !== 0, rules: [...new Set(rules)].toSorted() };
}
