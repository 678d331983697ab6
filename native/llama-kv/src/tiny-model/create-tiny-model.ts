import type { MakeArchitecture } from "./architectures/architecture.ts";
import { makeBert } from "./architectures/bert.ts";
import { makeGemma3 } from "./architectures/gemma3.ts";
import { makeJamba } from "./architectures/jamba.ts";
import { makeLlama } from "./architectures/llama.ts";
import { makeMamba } from "./architectures/mamba.ts";
import { type GgufValue, uint32 } from "./gguf-value.ts";
import { createRandom } from "./seeded-random.ts";
import type { TinyModelOptions } from "./tiny-model-options.ts";
import { vocabularyMetadata } from "./vocabulary.ts";
import { writeGguf } from "./write-gguf.ts";

/**
 * The bytes of a GGUF file of under 1 MB with random weights: a real model to the engine, which loads it in
 * milliseconds. Its tokenizer takes any text; its answers mean nothing, but depend on all that the model still sees,
 * and a greedy one never ends by itself.
 */
export function createTinyModel(options: TinyModelOptions): Uint8Array {
  const { memory, seed, trainedContextTokens = 2048 } = options;
  const architecture = ARCHITECTURES[memory](createRandom(seed), trainedContextTokens);
  const metadata: Record<string, GgufValue | undefined> = {
    "general.architecture": architecture.name,
    "general.name": `tiny ${memory} ${seed}`,
    "general.file_type": uint32(FILE_TYPE_ALL_F32),
    ...Object.fromEntries(
      Object.entries(architecture.metadata).map(([key, value]) => [`${architecture.name}.${key}`, value]),
    ),
    ...vocabularyMetadata(),
    ...options.metadata,
  };
  return writeGguf(withoutUndefined(metadata), architecture.tensors);
}

const FILE_TYPE_ALL_F32 = 0;

const ARCHITECTURES: Readonly<Record<TinyModelOptions["memory"], MakeArchitecture>> = {
  full: makeLlama,
  sliding_window: makeGemma3,
  recurrent: makeMamba,
  hybrid: makeJamba,
  none: makeBert,
};

function withoutUndefined(metadata: Readonly<Record<string, GgufValue | undefined>>): Record<string, GgufValue> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, GgufValue] => entry[1] !== undefined),
  );
}
