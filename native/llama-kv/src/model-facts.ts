/** What a model keeps of past tokens. `recurrent` and `hybrid` states can not be trimmed. */
export type MemoryKind = "full" | "sliding_window" | "recurrent" | "hybrid";

/** What the engine knows about a loaded model. */
export interface ModelFacts {
  readonly architecture: string;
  /** The file's own name for it; empty where it has none. */
  readonly name: string;
  /** The engine's description, such as `llama 1B Q4_K - Medium`. */
  readonly description: string;
  /** Such as `Q4_1`. */
  readonly quantization: string;
  readonly parameters: number;
  /** All tensors together. */
  readonly sizeBytes: number;
  readonly trainedContextTokens: number;
  readonly vocabularyTokens: number;
  readonly layers: number;
  readonly embeddingSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Whether the model wants its text to begin with `bosToken`. */
  readonly addBos: boolean;
  readonly bosToken?: number;
  /** All tokens that end a generation. */
  readonly eogTokens: readonly number[];
  readonly memory: MemoryKind;
  /** 0 where attention has no window. */
  readonly slidingWindowTokens: number;
  readonly hasEncoder: boolean;
  readonly hasDecoder: boolean;
  readonly chatTemplate?: string;
}
