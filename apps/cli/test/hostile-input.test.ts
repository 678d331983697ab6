import { execFileSync } from "node:child_process";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const megabyte = 1024 * 1024;
const scenario = { stable: "one two three four five six seven", suffix: "why?" };
let goodReport: string;

beforeAll(async () => {
  const { stdout } = await runCli(onMemory("--repetitions", "1", "--json"));
  goodReport = stdout;
  expect(JSON.parse(goodReport)).toMatchObject({ schema_version: "1" });
});

describe("a scenario file", () => {
  it.each<[string, string | Buffer, RegExp]>([
    ["that is empty", "", /it is not JSON/],
    ["that is not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /it is not UTF-8/],
    ["nested 100,000 deep", nested(100_000), /nested more than 100 levels/],
    ["that opens without end", "[".repeat(10 * megabyte), /nested more than 100 levels/],
    ["with a key twice", '{"stable":"a","stable":"b","suffix":"c"}', /"stable" stands twice/],
    ["with the key __proto__", '{"stable":"a","suffix":"c","__proto__":{"max_decode":1}}', /"__proto__"/],
    ["with a number beyond all numbers", '{"stable":"a","suffix":"c","max_decode":1e999}', /1e999 is too large/],
    ["with an empty curve", json({ suffix_curve: [] }), /suffix_curve[\s\S]*it is empty: leave it out/],
    [
      "with a curve that does not grow",
      json({ suffix_curve: ["long", "no"] }),
      /suffix_curve\[1\][\s\S]*short to long/,
    ],
    ["with a point twice", json({ suffix_curve: ["", "a", "a"] }), /suffix_curve\[2\][\s\S]*same as suffix_curve\[1\]/],
    ["with the stable text as edited text", json({ edited_stable: scenario.stable }), /the same as stable/],
    ["with a negative length", json({ max_decode: -1 }), /a whole number from 1 to 100000/],
    ["with a fractional length", json({ max_decode: 1.5 }), /a whole number from 1 to 100000/],
    ["with a huge length", json({ max_decode: 1e300 }), /a whole number from 1 to 100000/],
    ["with an empty stable text", json({ stable: "" }), /must not be empty/],
    ["with a key full of control characters", json({ "\u001b[2J\u0007\u202e": 1 }), /SCENARIO_INVALID/],
  ])("%s is refused", async (_, content, said) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "s.json"), content);
    await expectRefused(onMemory("--scenario", "s.json"), [said, /SCENARIO_INVALID/], cwd);
  });

  it("of 100 MB is refused before it is read, with the size that is allowed", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "s.json"), "{");
    await truncate(join(cwd, "s.json"), 100 * megabyte);
    await expectRefused(onMemory("--scenario", "s.json"), [/larger than 16 MB, the most that is read/], cwd);
  });

  it("with texts that are empty has notes for what was not measured", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "s.json"), json({ changed_suffix: "", edited_stable: "" }));
    const { exitCode, stdout } = await runCli([...onMemory("--scenario", "s.json", "--repetitions", "1", "--json")], {
      cwd,
    });
    expect(exitCode).toBe(0);
    const notes = (JSON.parse(stdout) as { notes: string[] }).notes.join("\n");
    expect(notes).toMatch(/warm_changed_suffix: skipped/);
    expect(notes).toMatch(/edited_stable_segment: skipped/);
  });

  it.skipIf(process.platform === "win32")("that is a pipe or a device is refused without a wait", async () => {
    const cwd = await temporaryFolder();
    execFileSync("mkfifo", [join(cwd, "pipe")]);
    for (const path of ["pipe", "/dev/zero"]) {
      await expectRefused(onMemory("--scenario", path), [/it is not a file/, /SCENARIO_INVALID/], cwd);
    }
  });
});

describe("a report file", () => {
  it.each<[string, () => string | Buffer, RegExp]>([
    ["that is empty", () => "", /it is not JSON/],
    ["cut short", () => goodReport.slice(0, goodReport.length / 2), /it is not JSON/],
    ["that is not UTF-8", () => Buffer.concat([Buffer.from([0xc3]), Buffer.from(goodReport)]), /it is not UTF-8/],
    ["nested 100,000 deep", () => withFields(`"deep":${nested(100_000)}`), /nested more than 100 levels/],
    [
      "of a newer format",
      () => JSON.stringify({ schema_version: "2", headline: 7 }),
      /newer benchreport, in format 2; .*update/,
    ],
    ["of no format", () => JSON.stringify({ schema_version: "\u001b[31m" }), /no benchreport writes such a format/],
    ["with a key twice", () => withFields('"model":"another"'), /"model" stands twice/],
    ["with the key __proto__", () => withFields('"__proto__":{"complete":true}'), /"__proto__"/],
    ["with a number beyond all numbers", () => withFields('"later_field":1e999'), /1e999 is too large/],
    ["with very many faults", () => withNotes(200_000), /notes\[0\][\s\S]*and 199980 more/],
  ])("%s is refused", { timeout: 60_000 }, async (_, content, said) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "r.json"), content());
    await expectRefused(["validate", "r.json"], [said, /REPORT_INVALID/], cwd);
  });

  it("of 100 MB is refused before it is read, with the size that is allowed", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "r.json"), goodReport);
    await truncate(join(cwd, "r.json"), 100 * megabyte);
    await expectRefused(["validate", "r.json"], [/larger than 64 MB, the most that is read/], cwd);
  });

  it("keeps control characters from the terminal, and its texts", async () => {
    const cwd = await temporaryFolder();
    const hostile = {
      ...(JSON.parse(goodReport) as object),
      model: "\u001b]0;owned\u0007\u202emodel",
      mode: "\u001b[2J",
    };
    await writeFile(join(cwd, "r.json"), JSON.stringify(hostile));
    const before = await readFile(join(cwd, "r.json"), "utf8");
    await expectRefused(["validate", "r.json"], [/mode: /], cwd);
    expect(await readFile(join(cwd, "r.json"), "utf8")).toBe(before);
  });
});

function onMemory(...more: readonly string[]): string[] {
  return ["run", "--backend", "memory", ...more];
}

function json(change: object): string {
  return JSON.stringify({ ...scenario, ...change });
}

function nested(depth: number): string {
  return `${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
}

/** The good report with further fields at its end, as text: an object could not hold them. */
function withFields(fields: string): string {
  return `${goodReport.trimEnd().slice(0, -1)},${fields}}`;
}

function withNotes(count: number): string {
  return JSON.stringify({ ...(JSON.parse(goodReport) as object), notes: Array.from({ length: count }, () => 1) });
}

/** Exit 2, words of our own, nothing on stdout, no stack, nothing that a terminal would obey. */
async function expectRefused(args: readonly string[], said: readonly RegExp[], cwd: string): Promise<void> {
  const { exitCode, stdout, stderr } = await runCli(args, { cwd });
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 2, stdout: "" });
  for (const words of said) expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n\s+at /);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
}
