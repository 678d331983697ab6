import type { BackendDescription, ManifestIdentity } from "@benchreport/contract";
import type { EffectiveContextOptions, ModelFacts } from "@benchreport/llama-kv";
import { adapterVersion, engineName } from "./llama-facts.ts";
import { isExact } from "./map-capabilities.ts";
import type { ReusePolicy } from "./reuse-policy.ts";

export interface DescribedEngine {
  readonly release: string;
  readonly device: string;
  readonly model: { readonly name: string; readonly digest: string; readonly bytes: number };
  readonly facts: ModelFacts;
  readonly effective: EffectiveContextOptions;
  readonly policy: ReusePolicy;
  /** Cores that this process may use. */
  readonly usableCores: number;
}

/** What the KV cache depends on: the tokenizer is part of the model's file, so that its digest is the model's. */
export function mapIdentity({ release, device, model, facts, effective, policy }: DescribedEngine): ManifestIdentity {
  const { ubatchTokens, threads, prefillThreads, flashAttention, kvCacheTypeK, kvCacheTypeV } = effective;
  return {
    backend: engineName,
    backendVersion: `llama.cpp ${release}`,
    device,
    modelDigest: model.digest,
    tokenizerDigest: model.digest,
    promptFormat: "raw",
    templateDigest: null,
    addBos: facts.addBos,
    // Cells that were kept in other shapes hold other numbers.
    numerics: { reuse: policy, ubatchTokens, threads, prefillThreads, flashAttention, kvCacheTypeK, kvCacheTypeV },
  };
}

/** Describes what really runs, with settings as read back from the engine. */
export function mapDescription(engine: DescribedEngine): BackendDescription {
  const { facts, model, effective } = engine;
  const { threads, prefillThreads, ubatchTokens, batchTokens, flashAttention, kvCacheTypeK, kvCacheTypeV } = effective;
  return {
    name: engineName,
    version: `llama.cpp ${engine.release}`,
    adapterVersion,
    device: engine.device,
    identity: mapIdentity(engine),
    model: {
      ...model,
      architecture: facts.architecture,
      quantization: facts.quantization === "" ? undefined : facts.quantization,
      memory: facts.memory,
      trainedContextTokens: facts.trainedContextTokens > 0 ? facts.trainedContextTokens : undefined,
    },
    kvBytesPerToken: effective.kvBytesPerToken,
    settings: {
      reuse: engine.policy,
      threads,
      prefillThreads,
      ubatchTokens,
      batchTokens,
      flashAttention,
      kvCacheTypeK,
      kvCacheTypeV,
    },
    notes: [describeReuse(engine), ...describeThreads(engine)],
  };
}

function describeReuse({ facts, effective, policy }: DescribedEngine): string {
  if (policy === "none") {
    const kind = facts.memory.replaceAll("_", " ");
    return `Nothing is reused: this model's memory (${kind}) cannot be taken back, so every turn computes its whole prompt.`;
  }
  if (policy === "longest") {
    return "Reuse is the longest possible: all that is in common with what is resident is kept, so that warm answers may differ from cold ones in the last bits.";
  }
  const steps = `an identical prefix is kept whole, anything else up to a multiple of ${effective.ubatchTokens} tokens`;
  if (isExact(effective)) return `Reuse is exact: ${steps}, so that warm equals cold bit for bit.`;
  return `Reuse: ${steps}. With these settings nobody has measured whether warm equals cold bit for bit, so it is not declared.`;
}

function describeThreads({ effective: { threads }, usableCores }: DescribedEngine): string[] {
  if (threads <= usableCores) return [];
  return [`${threads} threads share ${usableCores} usable cores, which slows llama.cpp down by a multiple.`];
}
