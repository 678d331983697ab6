import type { MemoryKind } from "../model-facts.ts";
import type { GgufValue } from "./gguf-value.ts";

export interface TinyModelOptions {
  /** What the model keeps of past tokens; `none` is an embedding model, which generates nothing. */
  readonly memory: MemoryKind | "none";
  /** A 32-bit integer that the weights are made from. The same seed gives the same bytes. */
  readonly seed: number;
  /** Default 2,048. */
  readonly trainedContextTokens?: number | undefined;
  /** Metadata added, replaced, or left out where the value is undefined, such as `tokenizer.chat_template`. */
  readonly metadata?: Readonly<Record<string, GgufValue | undefined>> | undefined;
}
