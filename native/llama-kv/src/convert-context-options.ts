import type { NativeContextOptions } from "./addon.ts";
import type { ContextOptions, KvCacheType } from "./context-options.ts";
import { requireBoolean, requireInteger, requireOneOf } from "./require.ts";

const DEFAULT_UBATCH_TOKENS = 128;
// The addon checks against the engine's own limits; these only give the better message.
const MAXIMUM_TOKENS = 2 ** 26;
const MAXIMUM_THREADS = 512;
const MAXIMUM_SEQUENCES = 256;
const KV_CACHE_TYPES: readonly KvCacheType[] = ["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"];

/** Checks the options and fills in the defaults. @throws {TypeError | RangeError} naming the option. */
export function convertContextOptions(options: ContextOptions): NativeContextOptions {
  const ubatchTokens = requireInteger("ubatchTokens", options.ubatchTokens ?? DEFAULT_UBATCH_TOKENS, 1, MAXIMUM_TOKENS);
  const batchTokens = requireInteger("batchTokens", options.batchTokens ?? ubatchTokens, 1, MAXIMUM_TOKENS);
  if (batchTokens < ubatchTokens) throw new RangeError("batchTokens must be at least ubatchTokens.");
  const threads = requireInteger("threads", options.threads, 1, MAXIMUM_THREADS);
  const flashAttention = options.flashAttention ?? "auto";
  return {
    sequences: requireInteger("sequences", options.sequences ?? 1, 1, MAXIMUM_SEQUENCES),
    contextTokens: requireInteger("contextTokens", options.contextTokens, 1, MAXIMUM_TOKENS),
    batchTokens,
    ubatchTokens,
    threads,
    prefillThreads: requireInteger("prefillThreads", options.prefillThreads ?? threads, 1, MAXIMUM_THREADS),
    flashAttention: flashAttention === "auto" ? "auto" : requireBoolean("flashAttention", flashAttention),
    kvCacheTypeK: requireOneOf("kvCacheTypeK", options.kvCacheTypeK ?? "f16", KV_CACHE_TYPES),
    kvCacheTypeV: requireOneOf("kvCacheTypeV", options.kvCacheTypeV ?? "f16", KV_CACHE_TYPES),
  };
}
