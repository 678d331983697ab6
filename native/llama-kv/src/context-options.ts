/** Types that keys and values can be kept in. Quantised values need flash attention. */
export type KvCacheType = "f32" | "f16" | "bf16" | "q8_0" | "q5_1" | "q5_0" | "q4_1" | "q4_0" | "iq4_nl";

export interface ContextOptions {
  /** Cells of each sequence. The engine rounds up to a multiple of 256: see `effective`. */
  readonly contextTokens: number;
  /** The most tokens that one engine call may hold. Default `ubatchTokens`, so that one call is one chunk. */
  readonly batchTokens?: number | undefined;
  /** The chunk of the prefill grid. Default 128. */
  readonly ubatchTokens?: number | undefined;
  /** Threads that evaluate one token. Set it to the physical cores at hand: more are slower by far. */
  readonly threads: number;
  /** Threads that prefill. Default `threads`. */
  readonly prefillThreads?: number | undefined;
  /** Default `"auto"`: on, where the model and the device can. */
  readonly flashAttention?: boolean | "auto" | undefined;
  /** Default `"f16"`. */
  readonly kvCacheTypeK?: KvCacheType | undefined;
  /** Default `"f16"`. */
  readonly kvCacheTypeV?: KvCacheType | undefined;
  /** Sequences with a state of their own, each of `contextTokens` cells. Default 1. */
  readonly sequences?: number | undefined;
  /** Refuse cells that this machine has no memory for. Default true. */
  readonly checkMemory?: boolean | undefined;
}

/** What the engine made of the options. */
export interface EffectiveContextOptions {
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly ubatchTokens: number;
  readonly sequences: number;
  readonly threads: number;
  readonly prefillThreads: number;
  readonly flashAttention: boolean;
  readonly kvCacheTypeK: KvCacheType;
  readonly kvCacheTypeV: KvCacheType;
  /** Absent where layers differ, or keep something other than keys and values. */
  readonly kvBytesPerToken?: number;
}

/** Engine evaluations that completed, and those that were aborted, since the context was opened. */
export interface WorkCounts {
  readonly prefillCalls: number;
  readonly prefillTokens: number;
  /** Tokens that were evaluated alone. */
  readonly decodeCalls: number;
  readonly abortedCalls: number;
  /** Time inside native calls on this context: evaluations, choosing tokens, copies. */
  readonly nativeNanoseconds: number;
}
