import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Exit code 2, a message that names the matter, no stack trace, nothing on stdout, and no file that was not there. */
async function expectRefused(args: readonly string[], said: readonly (string | RegExp)[], cwd?: string): Promise<void> {
  const folder = cwd ?? (await temporaryFolder());
  const before = await readdir(folder);
  const result = await runCli(args, { cwd: folder });
  for (const part of said) expect(result.stderr).toMatch(part);
  expect(result.stderr).not.toMatch(/^ {4}at /m);
  expect(result.stdout).toBe("");
  expect(result.exitCode).toBe(2);
  expect(await readdir(folder)).toEqual(before);
}

const onMemory = (...args: string[]): string[] => ["run", "--backend", "memory", ...args];

describe("the command line refuses", () => {
  it.each<[string, string[], (string | RegExp)[]]>([
    ["an unknown command", ["rnu"], [/unknown command 'rnu'/, /run/]],
    ["an unknown flag", onMemory("--repetition", "3"), [/unknown option '--repetition'/, /--repetitions/]],
    ["a stray argument", onMemory("report.json"), [/too many arguments/]],
    ["an unknown backend", ["run", "--backend", "lama"], [/no backend "lama"/, /llama, memory/, /BACKEND_NOT_FOUND/]],
    ["a backend path that is not there", ["run", "--backend", "./nowhere.mjs"], [/BACKEND_NOT_FOUND/]],
    ["an unknown setting", onMemory("--set", "chunktokens=3"), [/no setting "chunktokens"/, /chunkTokens/]],
    [
      "a setting of another type",
      onMemory("--set", "chunkTokens=many"),
      [/chunkTokens cannot be "many"/, /whole number/],
    ],
    ["a setting out of range", onMemory("--set", "chunkTokens=0"), [/chunkTokens/, /SETTINGS_INVALID/]],
    ["a setting that is not finite", onMemory("--set", "noise=1e999"), [/noise cannot be "1e999"/]],
    ["a setting without a value", onMemory("--set", "chunkTokens"), [/KEY=VALUE/]],
    ["a setting given twice", onMemory("--set", "noise=0", "--set", "noise=1"), [/"noise" is given twice/]],
    ["an unknown kind of output", onMemory("--output", "yaml=x"), [/no output of the kind "yaml"/, /json/]],
    [
      "an output in a folder that is not there",
      onMemory("--output", "json=nowhere/report.json"),
      [/does not exist/, /OUTPUT_INVALID/],
    ],
    ["an output that is a folder", onMemory("--output", "json=."), [/is a folder/]],
    ["a scenario with sizes", onMemory("--scenario", "s.json", "--stable-tokens", "5"), [/cannot be used with/]],
    ["a scenario that is not there", onMemory("--scenario", "s.json"), [/no such file/, /SCENARIO_INVALID/]],
    ["a model for an engine that takes none", onMemory("--model", "m.gguf"), [/takes no model/]],
    ["a report that is not there", ["validate", "r.json"], [/no such file/, /REPORT_INVALID/]],
  ])("%s", async (_, args, said) => expectRefused(args, said));

  it.each(["0", "-1", "1.5", "NaN", "1e999", "99999999999999999999", "", "ten"])("%j stable tokens", async (value) => {
    await expectRefused(onMemory(`--stable-tokens=${value}`), [/--stable-tokens/, /whole number from 1 to/]);
  });

  it.each(["32,0", "0,0", "a", "1,,2", "-1"])("the curve %j", async (value) => {
    await expectRefused(onMemory(`--curve=${value}`), [/--curve/]);
  });

  it.each([
    ["--stable-tokens", "200000"],
    ["--suffix-tokens", "200000"],
    ["--curve", "0,200000"],
    ["--decode-tokens", "200000"],
  ])("%s %s, which cannot fit", async (flag, value) => {
    await expectRefused(onMemory(flag, value), [/the largest session has 131072/, /SCENARIO_INVALID/]);
  });

  it("an output that is a device or a pipe, which would be replaced by a file", async () => {
    await expectRefused(onMemory("--output", "json=/dev/null"), [/no ordinary file/, /OUTPUT_INVALID/]);
  });

  it("a folder that holds no package, and no name at all", async () => {
    await expectRefused(["run", "--backend", "."], [/holds no package.json/, /BACKEND_INVALID/]);
    await expectRefused(["run", "--backend", ""], [/BACKEND_NOT_FOUND/]);
  });

  it("an output folder that cannot be written, before the run starts", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "locked"));
    await chmod(join(folder, "locked"), 0o500);
    // Root may write anywhere: there is nothing to be refused then.
    if (process.getuid?.() === 0) return;
    await expectRefused(onMemory("--output", "json=locked/report.json"), [/cannot be written/], folder);
  });
});

describe("a file is refused", () => {
  it.each<[string, string, (string | RegExp)[]]>([
    ["that is not JSON", "{", [/it is not JSON/]],
    ["of the wrong type", JSON.stringify({ stable: 3, suffix: "q" }), [/stable/, /string/]],
    ["with a missing field", JSON.stringify({ suffix: "q" }), [/stable/]],
    [
      "with a field of the wrong type, deep inside",
      JSON.stringify({ stable: "s", suffix: "q", suffix_curve: ["", 3] }),
      [/suffix_curve\[1\]/],
    ],
  ])("as a scenario %s", async (_, text, said) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "s.json"), text);
    await expectRefused(onMemory("--scenario", "s.json"), [...said, /SCENARIO_INVALID/], folder);
  });

  it("as a scenario that is not UTF-8; one with a byte order mark is read", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "s.json"), Buffer.from('{"stable":"\xe9","suffix":"q"}', "latin1"));
    await expectRefused(onMemory("--scenario", "s.json"), [/it is not UTF-8/, /SCENARIO_INVALID/], folder);
    await writeFile(join(folder, "s.json"), '\ufeff{"stable":"some rules","suffix":"q"}');
    const read = await runCli(onMemory("--scenario", "s.json", "--repetitions", "1", "--quiet"), { cwd: folder });
    expect(read).toMatchObject({ exitCode: 0 });
  });

  it.each<[string, string, (string | RegExp)[]]>([
    ["that is not JSON", "nope", [/it is not JSON/]],
    ["that is another value", "[]", [/\(whole file\)/]],
    [
      "with missing fields",
      JSON.stringify({ schema_version: "1" }),
      [/model: missing/, /mode: missing/, /and \d+ more/],
    ],
    [
      "of a newer format",
      JSON.stringify({ schema_version: "2" }),
      [/schema_version/, /newer benchreport, in format 2/],
    ],
  ])("as a report %s", async (_, text, said) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "r.json"), text);
    await expectRefused(["validate", "r.json"], [...said, /REPORT_INVALID/], folder);
  });

  it.each<[string, string, RegExp]>([
    ["that is no JavaScript", "export const {", /cannot be imported/],
    ["that exports no backend", "export const nothing = 1;", /no export named `backend`/],
    [
      "that creates nothing",
      `export const backend = { specificationVersion: "v1", name: "x", summary: "", model: "none", settingsSchema: {}, diagnose() {}, createBackend: async () => ({}) };`,
      /its backend has no method describe/,
    ],
    ["of another specification", `export const backend = { specificationVersion: "v9" };`, /specification v9/],
  ])("as an adapter %s", async (_, source, said) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "adapter.mjs"), source);
    await expectRefused(["run", "--backend", "./adapter.mjs"], [said, /BACKEND_INVALID/], folder);
  });
});

describe("the command line", () => {
  it("names its version, and helps", async () => {
    expect(await runCli(["--version"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await runCli(["run", "--help"]);
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    for (const option of ["--backend", "--model", "--curve", "--scenario", "--set", "--output"])
      expect(help.stdout).toContain(option);
  });

  it("validates what it wrote", async () => {
    const cwd = await temporaryFolder();
    await runCli(onMemory("--stable-tokens", "100", "--repetitions", "1", "--output", "json=r.json"), { cwd });
    const result = await runCli(["validate", "r.json"], { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toContain("r.json: a valid report, format 1.");
  });

  it("examines its engines", async () => {
    const result = await runCli(["doctor", "--json"]);
    const { backends } = JSON.parse(result.stdout) as { backends: { name: string; usable: boolean }[] };
    expect(backends.map(({ name }) => name)).toEqual(["llama", "memory"]);
    expect(backends.find(({ name }) => name === "memory")?.usable).toBe(true);
    expect(result.exitCode).toBe(backends[0]?.usable ? 0 : 2);
  });
});
