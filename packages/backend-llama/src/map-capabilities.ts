import type { Capabilities } from "@benchreport/contract";
import type { EffectiveContextOptions, ModelFacts } from "@benchreport/llama-kv";
import type { ReusePolicy } from "./reuse-policy.ts";

/** Types of the KV cache and sizes of a chunk for which warm equals cold was measured; of others nobody knows. */
const provedCacheTypes: readonly string[] = ["f32", "f16", "q8_0"];
const smallestProvedUbatch = 32;
const largestProvedUbatch = 512;

/** Whether warm logits equal cold ones bit for bit with these settings, as far as it was measured. */
export function isExact({ ubatchTokens, kvCacheTypeK, kvCacheTypeV }: EffectiveContextOptions): boolean {
  const proved = provedCacheTypes.includes(kvCacheTypeK) && provedCacheTypes.includes(kvCacheTypeV);
  return proved && ubatchTokens >= smallestProvedUbatch && ubatchTokens <= largestProvedUbatch;
}

/** What the engine can do with this model, these effective settings and this policy. */
export function mapCapabilities(
  facts: ModelFacts,
  effective: EffectiveContextOptions,
  policy: ReusePolicy,
): Capabilities {
  return Object.freeze({
    reuse: Object.freeze({
      trim: policy === "none" ? "none" : "any",
      granularityTokens: policy === "exact" ? effective.ubatchTokens : 1,
      from: policy === "longest" ? "resident" : "prefix",
      wholePrefix: "all",
      counting: "physical",
      // What recomputes everything repeats itself.
      exact: policy !== "longest" && isExact(effective),
    } as const),
    phases: "separate",
    tokenIds: true,
    logProbabilities: true,
    snapshot: savesWholeState(facts.memory),
    decodeWithoutSuffix: true,
    ignoreEndOfGeneration: true,
    // A state that is updated in place cannot be left half updated, so those models stop between engine calls.
    cancel: facts.memory === "full" || facts.memory === "sliding_window" ? "operation" : "chunk",
    // A longer context than the model was trained for works, if not well; memory alone sets an end.
    maxContextTokens: undefined,
    maxSessions: undefined,
  });
}

/** A saved window lacks the cells that have left it, and a recurrent state knows only its end. */
export function savesWholeState(memory: ModelFacts["memory"]): boolean {
  return memory === "full";
}
