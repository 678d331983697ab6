import { readdir } from "node:fs/promises";
import { parseReportText } from "@benchreport/report";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface PlannedStep {
  readonly section: string | null;
  readonly role: string | null;
  readonly session: string | null;
  readonly prefix_tokens: number | null;
  readonly evaluated_tokens: number | null;
  readonly suffix_tokens: number | null;
}

const onMemory = ["run", "--backend", "memory", "--set", "granularityTokens=100"];

describe("--dry-run", () => {
  it("prints the steps with their token counts and writes no report", async () => {
    const cwd = await temporaryFolder();
    const args = [...onMemory, "--dry-run", "--stable-tokens", "400", "--repetitions", "3", "--output", "json=r.json"];
    const result = await runCli(args, { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toMatch(/^memory 1 · virtual · memory\n/);
    expect(result.stdout).toMatch(/^ +3 +fresh +394 +394 +\d+ +32 +cold full prefill$/m);
    expect(result.stdout).toMatch(/^ +3 +warm +394 +0 +\d+ +32 +warm same prefix$/m);
    expect(result.stdout).toMatch(/^\d+ turns and \d+ priming turns: \d+ prompt tokens evaluated, \d+ generated\.$/m);
    expect(await readdir(cwd)).toEqual([]);
  });

  it("gives the plan as JSON, every step in its order", async () => {
    const { stdout } = await runCli([
      ...onMemory,
      "--dry-run",
      "--stable-tokens",
      "400",
      "--repetitions",
      "2",
      "--json",
    ]);
    const plan = JSON.parse(stdout) as { turns: number; evaluated_tokens: number; steps: readonly PlannedStep[] };
    expect(plan.turns).toBe(plan.steps.filter(({ role }) => role !== null).length);
    expect(plan.steps.filter(({ section }) => section === "warm_same_prefix")).toHaveLength(2);
    for (const step of plan.steps.filter(({ session, prefix_tokens }) => session === "fresh" && prefix_tokens !== null))
      expect(step.evaluated_tokens).toBe(step.prefix_tokens);
    expect(plan.steps.at(-1)).toMatchObject({ role: null, prefix_tokens: null });
  });

  it("refuses what a run would refuse", async () => {
    const result = await runCli([
      ...onMemory,
      "--dry-run",
      "--set",
      "maxContextTokens=300",
      "--set",
      "contextTokens=300",
    ]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining("[SCENARIO_INVALID]") });
  });
});

describe("--quick", () => {
  it("proves every claim that the whole run proves, in fewer and shorter turns", async () => {
    const [whole, quick] = await Promise.all([reportOf([]), reportOf(["--quick"])]);
    const outcomes = (report: typeof whole) => report.verdicts.map(({ claim, outcome }) => [claim, outcome]);
    expect(outcomes(quick)).toEqual(outcomes(whole));
    expect(quick.run.repetitions).toBe(3);
    expect(quick.cold_full_prefill.tokens).toBe(339);
    expect(quick.decode.output_tokens).toBe(12);
  });

  it("leaves what was asked for", async () => {
    const report = await reportOf(["--quick", "--repetitions", "2", "--decode-tokens", "9", "--curve", "0"]);
    expect(report.run.repetitions).toBe(2);
    expect(report.decode.output_tokens).toBe(9);
    expect(report.suffix_ttft_curve).toHaveLength(1);
    expect(report.cold_full_prefill.tokens).toBe(339);
  });
});

async function reportOf(args: readonly string[]) {
  const parsed = parseReportText((await runCli([...onMemory, ...args, "--json"])).stdout);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.report;
}
