import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTinyModel } from "@benchreport/llama-kv/tiny-model";
import { parseReportText } from "@benchreport/report";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// In the best stretch, behind what is made once: a leak grows in every one. This is 260 bytes a turn, an eighth of one
// token's logits.
const allowedGrowthBytes = 512 * 1024;

let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "benchreport soak "));
  model = join(folder, "tiny.gguf");
  await writeFile(model, createTinyModel({ memory: "full", seed: 1 }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("llama.cpp on a tiny model", () => {
  it("needs no more memory for many turns in one session than for some", async () => {
    const program = join(import.meta.dirname, "../src/soak-session.ts");
    // The young objects' space grows by itself, in steps of 12 MB and more that would hide a leak.
    const flags = ["--expose-gc", "--max-semi-space-size=1", "--conditions=@benchreport/source"];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, model]);
    const growth = JSON.parse(stdout) as readonly number[];
    expect(growth).toHaveLength(6);
    expect(Math.min(...growth), `bytes by stretch: ${growth.join(", ")}`).toBeLessThan(allowedGrowthBytes);
  });

  it.each([1, 2, 3, 4, 5])("is never accused: whole run %i through the command line", async (seed) => {
    const bin = join(import.meta.dirname, "../../../apps/cli/bin/benchreport.js");
    const sizes = ["--stable-tokens=300", "--suffix-tokens=16", "--curve=0,8,16", "--repetitions=2"];
    const settings = ["--set=threads=1", `--seed=${seed}`];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [bin, "run", "--backend=llama", `--model=${model}`, ...sizes, ...settings, "--json"],
      { maxBuffer: 1 << 26 },
    );
    const parsed = parseReportText(stdout);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    expect(parsed.report.complete).toBe(true);
    expect(parsed.report.verdicts.filter(({ outcome }) => outcome === "fail")).toEqual([]);
    const proved = parsed.report.verdicts.filter(({ outcome }) => outcome === "pass").map(({ claim }) => claim);
    expect(proved).toEqual(expect.arrayContaining(["prefix_reused", "edited_is_missed", "output_unchanged"]));
  });
});
