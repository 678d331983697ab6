import { z } from "zod";
import { plain } from "./primitives.ts";

/** Every claim that a report makes, in the order in which a person reads them. */
export const claims = [
  "cold_is_cold",
  "prefix_reused",
  "edited_is_missed",
  "output_unchanged",
  "input_matters",
  "timing_agrees",
  "tokens_counted",
  "boundary_clean",
  "over_context",
  "cancel_prefill",
  "cancel_decode",
  "snapshot_roundtrip",
] as const;

export type Claim = (typeof claims)[number];

export const outcomes = ["pass", "fail", "inconclusive", "unsupported", "not_run"] as const;

export type Outcome = (typeof outcomes)[number];

export const evidenceSchema = z.record(z.string(), plain);

/** One fact that a person can check by hand; sections are named as in the report. */
export type Evidence = z.infer<typeof evidenceSchema>;

export const verdictSchema = z.looseObject({
  claim: z.string().min(1),
  outcome: z.enum(outcomes),
  evidence: z.array(evidenceSchema),
  explanation: z.string(),
});

/** What was claimed, what came of it, and why. */
export type Verdict = z.infer<typeof verdictSchema>;
