import type { Capabilities } from "@benchreport/contract";
import type { EffectiveContextOptions, ModelFacts } from "@benchreport/llama-kv";

/** Types of the KV cache and sizes of a chunk for which warm equals cold was measured; of others nobody knows. */
const provedCacheTypes: readonly string[] = ["f32", "f16", "q8_0"];
const smallestProvedUbatch = 32;
const largestProvedUbatch = 512;

/** Whether warm logits equal cold ones bit for bit with these settings, as far as it was measured. */
export function isExact({ ubatchTokens, kvCacheTypeK, kvCacheTypeV }: EffectiveContextOptions): boolean {
  const proved = provedCacheTypes.includes(kvCacheTypeK) && provedCacheTypes.includes(kvCacheTypeV);
  return proved && ubatchTokens >= smallestProvedUbatch && ubatchTokens <= largestProvedUbatch;
}

/** What the engine can do with this model and these effective settings. */
export function mapCapabilities(facts: ModelFacts, effective: EffectiveContextOptions): Capabilities {
  return Object.freeze({
    reuse: Object.freeze({
      trim: "any",
      granularityTokens: effective.ubatchTokens,
      from: "prefix",
      wholePrefix: "all",
      counting: "physical",
      exact: isExact(effective),
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
