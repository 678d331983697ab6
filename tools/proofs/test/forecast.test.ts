import { backend } from "@benchreport/backend-memory";
import type { Report, Sample } from "@benchreport/report";
import { createHarness, type Forecast, forecastRun, runBenchmark } from "@benchreport/runner";
import { describe, expect, it } from "vitest";
import { handMadeScenario } from "../src/hand-made-scenario.ts";

const options = { repetitions: 2, seed: 3 };

async function forecastAndRun(settings: Readonly<Record<string, unknown>>): Promise<[Forecast, Report]> {
  await using engine = await backend.createBackend({ settings });
  const harness = createHarness(engine);
  const forecast = await forecastRun(harness, handMadeScenario, options);
  return [forecast, await runBenchmark(harness, handMadeScenario, options)];
}

describe("a forecast", () => {
  it.each([
    ["an engine without granularity", {}],
    ["an engine that reuses in steps of 50", { granularityTokens: 50 }],
    ["an engine that always evaluates a token", { wholePrefix: "all_but_last" }],
    ["an engine that compares with everything resident", { reuse: "resident" }],
    ["an engine that reuses nothing", { reuse: "none" }],
    ["an engine of one session", { maxSessions: 1 }],
    ["an engine with a begin token", { addBos: true }],
  ])("of %s is what its run does", async (_, settings) => {
    const [forecast, report] = await forecastAndRun(settings);
    expect(forecast.primingTurns).toBe(report.run.priming_turns);
    expect(forecast.turns).toBe(turnsOf(report).length);
    expect(sumOf(forecast.steps.filter(({ role }) => isExact(role)).map((step) => step.evaluatedTokens))).toBe(
      sumOf(
        turnsOf(report)
          .filter((turn) => isExact(turn["role"]))
          .map((turn) => turn.prefilled_tokens),
      ),
    );
    expect(forecast.decodeTokens).toBe(sumOf(turnsOf(report).map((turn) => turn.output_tokens)));
    expect(forecast.skipped.map(({ section }) => section)).toEqual(notMeasured(report));
  });

  it("counts its primings among what is evaluated", async () => {
    const [forecast] = await forecastAndRun({ maxSessions: 1 });
    const turns = forecast.steps.filter(({ role }) => role !== undefined);
    const suffixes = sumOf(turns.map((step) => step.suffixTokens));
    // Each priming is a turn on the stable text of 200 tokens and the suffix of 20.
    const primings = 220 * forecast.primingTurns;
    expect(forecast.evaluatedTokens).toBe(sumOf(turns.map((step) => step.evaluatedTokens)) + suffixes + primings);
  });
});

function turnsOf(report: Report): Sample[] {
  // Decode is fed by turns of other sections, and what a snapshot takes is part of a step of several turns.
  const { decode: _, snapshot_save: __, snapshot_restore: ___, ...sections } = report.sections;
  return [
    ...Object.values(sections).flatMap((section) => (section as { samples: Sample[] }).samples),
    ...report.untimed_turns,
  ];
}

/** The yardstick's text is random and cut between words: it can be a few tokens shorter than foreseen. */
function isExact(role: unknown): boolean {
  return role !== "yardstick";
}

function notMeasured(report: Report): string[] {
  return Object.entries(report.sections)
    .filter(([, section]) => (section as { status: string }).status !== "measured")
    .map(([name]) => name);
}

function sumOf(values: readonly (number | null | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
