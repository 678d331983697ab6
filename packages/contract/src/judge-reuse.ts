import type { ReusePrediction } from "./predict-reuse.ts";

/**
 * `lost`: fewer tokens than predicted. `stale`: more than the two prompts have in common, so the cache holds other
 * text.
 * `more`: above the prediction but not above the common prefix, so the declared granularity is wrong. `unjudged`:
 * nothing to compare.
 */
export type JudgedReuse = "as_predicted" | "lost" | "stale" | "more" | "unjudged";

/** Judges a measured reuse by its prediction. */
export function judgeReuse(reusedTokens: number | undefined, prediction: ReusePrediction): JudgedReuse {
  if (reusedTokens === undefined) return "unjudged";
  if (reusedTokens > prediction.commonTokens) return "stale";
  if (prediction.reusedTokens === undefined) return "unjudged";
  if (reusedTokens < prediction.reusedTokens) return "lost";
  return reusedTokens > prediction.reusedTokens ? "more" : "as_predicted";
}
