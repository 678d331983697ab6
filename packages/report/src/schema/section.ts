import { z } from "zod";
import { counted, measured } from "./primitives.ts";
import { statisticsSchema } from "./statistics.ts";

export const sampleSchema = z.looseObject({
  repetition: z.number().int().positive().nullable(),
  prefix_ms: measured.optional(),
  suffix_ms: measured.optional(),
  ttft_ms: measured.optional(),
  decode_ms: measured.optional(),
  turn_ms: measured.optional(),
  itl_ms: z.array(z.number()).optional(),
  reused_tokens: counted.optional(),
  prefilled_tokens: counted.optional(),
  prefix_tokens: counted.optional(),
  suffix_tokens: counted.optional(),
  output_tokens: counted.optional(),
  ms: measured.optional().describe("Of a snapshot that was saved or restored."),
  bytes: counted.optional(),
  tokens: counted.optional(),
  token_ids: z.array(z.number().int()).nullable().optional(),
});

/** One measured turn, in milliseconds since its start. */
export type Sample = z.infer<typeof sampleSchema>;

export const sectionSchema = z.looseObject({
  status: z.enum(["measured", "skipped", "unsupported", "failed", "not_run"]),
  reason: z.string().nullable(),
  error_code: z.string().nullable(),
  samples: z.array(sampleSchema),
  statistics: z.record(z.string(), statisticsSchema),
});

/** What was done for one part of the report, with everything that was measured. */
export type Section = z.infer<typeof sectionSchema>;

/** Every section, in the order in which a person reads them. */
export const sectionNames = [
  "cold_full_prefill",
  "warm_same_prefix",
  "warm_changed_suffix",
  "edited_stable_segment",
  "decode",
  "suffix_ttft_curve",
  "edit_positions",
  "over_context",
  "cancel_prefill",
  "cancel_decode",
  "snapshot_save",
  "snapshot_restore",
] as const;

export type SectionName = (typeof sectionNames)[number];
