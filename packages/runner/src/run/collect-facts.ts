import { sha256 } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import { readEnvironment } from "../environment/read-environment.ts";
import type { Harness } from "../harness/harness.ts";
import { defaultRepetitions } from "../plan/plan-run.ts";
import type { PreparedScenario } from "../plan/prepare-scenario.ts";
import type { Plan } from "../plan/step.ts";
import { countTokens } from "../scenario/count-tokens.ts";
import type { RunFacts } from "../summarise/run-record.ts";
import type { RunOptions } from "./run-options.ts";

/** What is known of a run before its first step. */
export async function collectFacts(
  harness: Harness,
  scenario: PreparedScenario,
  plan: Plan,
  startedAt: Date,
  options: RunOptions,
): Promise<RunFacts> {
  const { capabilities, clock } = harness.backend;
  return {
    generator: options.generator ?? { name: "@benchreport/runner", version: "unknown" },
    command: options.command ?? "",
    startedAt: startedAt.toISOString(),
    description: harness.backend.describe(),
    capabilities,
    simulated: clock !== undefined,
    loadMs: options.loadMs,
    repetitions: options.repetitions ?? defaultRepetitions,
    scenario: await describeScenario(harness, scenario, options),
    skipped: plan.skipped,
    environment: readEnvironment(),
    notes: [...plan.notes, ...noteContextBeyondTraining(harness, scenario)],
  };
}

/** Answers beyond the length that a model was trained for tend to be poor, which says nothing about the reuse. */
function noteContextBeyondTraining(harness: Harness, { contextTokens }: PreparedScenario): string[] {
  const { trainedContextTokens } = harness.backend.describe().model;
  if (contextTokens === undefined || trainedContextTokens === undefined || contextTokens <= trainedContextTokens)
    return [];
  return [
    `Sessions have ${contextTokens} tokens, and the model was trained for ${trainedContextTokens}: answers may be poor.`,
  ];
}

async function describeScenario(
  harness: Harness,
  scenario: PreparedScenario,
  options: RunOptions,
): Promise<Report["scenario"]> {
  const { tokens } = scenario;
  const part = (text: string, count: number | undefined) => ({ digest: sha256(text), tokens: count ?? null });
  const curve = scenario.suffixCurve.map((text, index) => [
    `suffix_curve[${index}]`,
    part(text, tokens?.suffixCurve[index]),
  ]);
  const { segments } = harness.turn(scenario.stable, "").prefix.manifest;
  const bytes = Buffer.from(scenario.stable, "utf8");
  const count = countTokens(harness);
  const described = segments.map(async ({ kind, name, bytes: { start, end } }) => ({
    kind,
    name,
    bytes: end - start,
    // Counted alone: at a border tokens may span two segments, so that the sum can differ from the whole by a few.
    tokens: tokens === undefined ? null : await count.suffix(bytes.toString("utf8", start, end)),
  }));
  return {
    id: options.scenarioId ?? "custom",
    seed: options.seed ?? 1,
    parts: {
      stable: part(scenario.stable, tokens?.stable),
      suffix: part(scenario.suffix, tokens?.suffix),
      changed_suffix: part(scenario.changedSuffix, tokens?.changedSuffix),
      edited_stable: part(scenario.editedStable, tokens?.editedStable),
      ...Object.fromEntries(curve),
    },
    segments: await Promise.all(described),
    max_decode: scenario.maxDecode,
  };
}
