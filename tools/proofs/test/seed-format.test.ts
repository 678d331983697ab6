import { expect, it } from "vitest";
import { handMadeScenario } from "../src/hand-made-scenario.ts";
import { runOnMemory } from "../src/run-on-memory.ts";

/**
 * The original report's types: what a reader in Go decodes each key into. `null` leaves such a field at its zero value.
 */
const seed = {
  model: "string",
  backend: "string",
  mode: "string",
  profile: "string",
  backend_version: "string",
  cold_full_prefill: { tokens: "int", ms: "float", prompt_tps: "float", ttft_ms: "float" },
  warm_same_prefix: { cached_tokens: "int", new_tokens: "int", ms: "float", ttft_ms: "float", hit_rate: "float" },
  warm_changed_suffix: {
    cached_tokens: "int",
    suffix_tokens: "int",
    ms: "float",
    ttft_ms: "float",
    output_equals_cold: "bool",
  },
  edited_stable_segment: { expected_cache_miss: "bool", actual_cache_miss: "bool", output_equals_cold: "bool" },
  decode: { output_tokens: "int", tokens_per_sec: "float" },
  suffix_ttft_curve: [{ suffix_tokens: "int", ttft_ms: "float" }],
  failure_cases: { over_context: "bool", cancel_decode: "bool" },
  notes: ["string"],
} as const;

it.each([
  ["everything was measured", {}, handMadeScenario],
  ["nothing is reused", { reuse: "none" }, handMadeScenario],
  ["times of prefill are unknown", { phases: "deferred" }, handMadeScenario],
  [
    "half of the scenario is missing",
    {},
    { ...handMadeScenario, changedSuffix: "", editedStable: "", suffixCurve: [] },
  ],
])("every key of the original report stands with its type or null where %s", async (_, settings, scenario) => {
  const report: unknown = JSON.parse(JSON.stringify(await runOnMemory(scenario, settings, { repetitions: 2 })));
  expect(faults(report, seed, "report")).toEqual([]);
});

it("finds a key that is missing or of another type", () => {
  expect(faults({ tokens: 1.5 }, { tokens: "int", ms: "float" }, "cold")).toEqual([
    "cold.tokens is not int",
    "cold.ms is missing",
  ]);
});

function faults(value: unknown, type: unknown, path: string): string[] {
  if (typeof type === "string") return value === null || isOfType(value, type) ? [] : [`${path} is not ${type}`];
  if (Array.isArray(type)) {
    if (!Array.isArray(value)) return [`${path} is not a list`];
    return value.flatMap((item, index) => faults(item, type[0], `${path}[${index}]`));
  }
  return Object.entries(type as Record<string, unknown>).flatMap(([key, inner]) => {
    if (typeof value !== "object" || value === null || !(key in value)) return [`${path}.${key} is missing`];
    return faults((value as Record<string, unknown>)[key], inner, `${path}.${key}`);
  });
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "int") return Number.isInteger(value);
  if (type === "float") return typeof value === "number" && Number.isFinite(value);
  return typeof value === (type === "bool" ? "boolean" : type);
}
