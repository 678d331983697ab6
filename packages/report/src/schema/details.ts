import { z } from "zod";
import { counted, measured, plain, proved } from "./primitives.ts";

export const headlineSchema = z.looseObject({
  cold_ttft_ms: measured,
  warm_ttft_ms: measured,
  ratio: measured.describe("Median cold time to first token over the median warm one, changed suffix."),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  interval_coverage: measured,
  shown: z.boolean().describe("Whether the ratio may be called a gain: reuse and output proved, no claim failed."),
  reason: z.string().nullable(),
});

export const runSchema = z.looseObject({
  repetitions: z.number().int().nonnegative(),
  warm_up_turns: z.number().int().nonnegative(),
  priming_turns: z.number().int().nonnegative(),
  load_ms: measured,
  open_ms: z.array(z.number()),
  yardstick: z.array(z.looseObject({ prefix_ms: measured, ttft_ms: measured })),
});

export const editPositionSchema = z.looseObject({
  edit: z.string(),
  common_tokens: counted,
  predicted_tokens: counted,
  reused_tokens: counted,
  segment: z.string().nullable().describe("Where the first different token lies."),
  reason: z.string().nullable().describe("The engine's own word."),
  output_equals_cold: proved,
  ttft_ms: measured,
});

export const engineSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  adapter_version: z.string(),
  device: z.string(),
  settings: z.record(z.string(), plain),
  capabilities: z.record(z.string(), z.unknown()),
  identity: z.record(z.string(), z.unknown()),
  notes: z.array(z.string()),
});

export const modelInfoSchema = z.looseObject({
  name: z.string(),
  digest: z.string(),
  bytes: z.number().nonnegative(),
  architecture: z.string(),
  quantization: z.string().nullable(),
  memory: z.string(),
  trained_context_tokens: counted,
});

export const scenarioSchema = z.looseObject({
  id: z.string(),
  seed: z.number().int(),
  parts: z.record(z.string(), z.looseObject({ digest: z.string(), tokens: counted })),
  segments: z.array(z.looseObject({ kind: z.string(), name: z.string(), bytes: z.number(), tokens: counted })),
});

export const environmentSchema = z.looseObject({
  os: z.string(),
  os_release: z.string(),
  architecture: z.string(),
  cpu_model: z.string().nullable(),
  cores: z.number().int().positive(),
  usable_cores: measured.describe("Within the process's quota."),
  memory_bytes: z.number().positive(),
  memory_limit_bytes: measured.describe("Of the control group; null when there is none."),
  cpu_governor: z.string().nullable(),
  load_average: measured.describe("Over one minute, before the run; null where the system has none."),
  node: z.string(),
});

export const memorySchema = z.looseObject({
  resident_high_water_bytes: measured,
  kv_bytes_per_token: measured.describe("As the adapter computes it from the model's shape and cache types."),
  kv_bytes_per_token_measured: measured
    .optional()
    .describe("Growth of the engine's saved state by token; what the engine notes of a cell counts."),
});
