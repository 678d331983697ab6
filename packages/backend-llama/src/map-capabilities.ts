import type { Capabilities } from "@benchreport/contract";
import type { EffectiveContextOptions, ModelFacts } from "@benchreport/llama-kv";

/** What the engine can do with this model and these effective settings. */
export function mapCapabilities(facts: ModelFacts, effective: EffectiveContextOptions): Capabilities {
  return Object.freeze({
    reuse: Object.freeze({
      trim: "any",
      granularityTokens: effective.ubatchTokens,
      from: "prefix",
      wholePrefix: "all",
      counting: "physical",
      exact: true,
    } as const),
    phases: "separate",
    tokenIds: true,
    logProbabilities: true,
    snapshot: false,
    decodeWithoutSuffix: true,
    ignoreEndOfGeneration: true,
    cancel: "operation",
    maxContextTokens: facts.trainedContextTokens > 0 ? facts.trainedContextTokens : undefined,
    maxSessions: undefined,
  });
}
