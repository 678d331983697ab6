import { z } from "zod";
import { counted, measured, proved } from "./primitives.ts";

/** The fields of the original report format, which its own readers must go on decoding. */
export const seedSections = {
  cold_full_prefill: z
    .looseObject({ tokens: counted, ms: measured, prompt_tps: measured, ttft_ms: measured })
    .describe(
      "Fresh session, whole stable prefix evaluated; ms is the prefix alone, ttft_ms counts from the turn's start.",
    ),
  warm_same_prefix: z
    .looseObject({ cached_tokens: counted, new_tokens: counted, ms: measured, ttft_ms: measured, hit_rate: measured })
    .describe("The same prefix and suffix again on a live session; ms is the prefix alone."),
  warm_changed_suffix: z
    .looseObject({
      cached_tokens: counted,
      suffix_tokens: counted,
      ms: measured,
      ttft_ms: measured,
      output_equals_cold: proved,
    })
    .describe("The same prefix with another suffix on a live session; ms is the suffix alone."),
  edited_stable_segment: z
    .looseObject({ expected_cache_miss: proved, actual_cache_miss: proved, output_equals_cold: proved })
    .describe("An edited prefix on a session warm on the unedited one."),
  decode: z
    .looseObject({ output_tokens: counted, tokens_per_sec: measured })
    .describe("Generation, cold and warm turns."),
  suffix_ttft_curve: z
    .array(z.looseObject({ suffix_tokens: counted, ttft_ms: measured }))
    .describe("Time to first token on a warm prefix as the suffix grows."),
  failure_cases: z
    .looseObject({ over_context: proved, cancel_decode: proved })
    .describe("True where the engine handled the case as expected."),
};
