import type { GgufTensor } from "../gguf-tensor.ts";
import type { GgufValue } from "../gguf-value.ts";
import type { SeededRandom } from "../seeded-random.ts";

/** What one architecture of the engine adds to a file. */
export interface Architecture {
  /** The engine's name for it. */
  readonly name: string;
  /** Keys without the architecture's name in front. */
  readonly metadata: Readonly<Record<string, GgufValue>>;
  readonly tensors: readonly GgufTensor[];
}

/** Makes an architecture's tensors from random numbers. */
export type MakeArchitecture = (random: SeededRandom, trainedContextTokens: number) => Architecture;
