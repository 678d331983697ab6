import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oldestNode } from "../src/packages/node-version-faults.ts";
import { readPackages } from "../src/packages/read-packages.ts";
import { type Packed, packWorkspace, runNpm } from "./pack-workspace.ts";

const root = resolve(import.meta.dirname, "../../..");
const published = readPackages(root)
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ manifest }) => manifest.name);
// What wants an engine is installed by native-install.test.ts.
const needNativeCode = ["@benchreport/llama-kv", "@benchreport/backend-llama"];
const plain = published.filter((name) => !needNativeCode.includes(name));
const installTimeoutMs = 120_000;

let scratch: string;
let packed: readonly Packed[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "benchreport packing "));
  packed = await packWorkspace(root, scratch);
}, installTimeoutMs);

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("every published package", () => {
  test("packs", () => {
    expect(packed.map(({ name }) => name).toSorted()).toEqual(published.toSorted());
  });

  test.each(published)("%s brings its licence and its build, and no tests", (name) => {
    const { files } = find(name);
    expect(files).toContain("LICENSE");
    expect(files.filter((path) => /^dist\/.*\.js$/.test(path))).not.toEqual([]);
    expect(files.filter((path) => /\.test(-helper)?\.|^test\//.test(path))).toEqual([]);
  });

  test.each(published)("%s is what publint wants a package to be", async (name) => {
    const content = await readFile(find(name).tarball);
    const tarball = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: "warning" });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}, { color: false }))).toEqual([]);
  });
});

describe("in an empty folder, installed with npm", () => {
  let folder: string;

  beforeAll(async () => {
    folder = join(scratch, "an empty folder");
    await mkdir(folder);
    await installPlainPackages(folder);
  }, installTimeoutMs);

  test.each(plain.filter((name) => name !== "benchreport"))("%s can be imported", async (name) => {
    const { stdout } = await runNpm("npx", ["--no-install", "node", "--eval", importing(name)], folder);
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  test.runIf(process.platform === "linux")("the oldest Node that is promised runs them", async () => {
    const { stdout } = await runNpm("npx", ["--no-install", "node", "--version"], folder);
    expect(stdout.trim()).toBe(`v${oldestNode}`);
  });

  test("the command line says its version", async () => {
    const { version } = JSON.parse(await readFile(join(root, "apps/cli/package.json"), "utf8")) as { version: string };
    const { stdout } = await runNpm("npx", ["--no-install", "benchreport", "--version"], folder);
    expect(stdout.trim()).toBe(version);
  });

  test(
    "the command line measures the memory engine and writes a valid report",
    async () => {
      await runNpm(
        "npx",
        ["--no-install", "benchreport", "run", "--backend", "memory", "--output", "json=report.json"],
        folder,
      );
      const { stdout } = await runNpm("npx", ["--no-install", "node", "--eval", parsingReport("report.json")], folder);
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, report: { backend: "memory" } });
    },
    installTimeoutMs,
  );
});

function find(name: string): Packed {
  const found = packed.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

/**
 * All tarballs in one installation, so that the packages find one another and npm asks no registry for them. The
 * optional llama adapter is replaced by a package
 * that no platform can take, which npm then leaves out, as it does where the engine is not to be had.
 */
async function installPlainPackages(folder: string): Promise<void> {
  const absent = { name: "@benchreport/backend-llama", version: "0.1.0", os: ["none"] };
  await mkdir(join(folder, "absent"));
  await writeFile(join(folder, "absent/package.json"), JSON.stringify(absent));
  await runNpm("npm", ["pack", "./absent"], folder);
  const overrides = { [absent.name]: `file:./benchreport-backend-llama-${absent.version}.tgz` };
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, overrides }));
  const oldest = process.platform === "linux" ? [`node-linux-${process.arch}@${oldestNode}`] : [];
  const tarballs = plain.map((name) => find(name).tarball);
  await runNpm("npm", ["install", "--no-audit", "--no-fund", ...tarballs, ...oldest], folder);
}

function importing(name: string): string {
  return `import(${JSON.stringify(name)}).then((module) => console.log(Object.keys(module).length))`;
}

function parsingReport(path: string): string {
  return `import("@benchreport/report").then(({ parseReportText }) =>
    console.log(JSON.stringify(parseReportText(require("fs").readFileSync(${JSON.stringify(path)}, "utf8")))))`;
}
