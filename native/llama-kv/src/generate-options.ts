import type { NativeGenerateOptions } from "./addon.ts";
import { requireBoolean, requireInteger, requireNumber } from "./require.ts";

export interface GenerateOptions {
  /** At least 1. */
  readonly maxTokens: number;
  /** 0, the default, is greedy; then `topK`, `topP` and `seed` have no effect. */
  readonly temperature?: number | undefined;
  /** Default 40; 0 considers the whole vocabulary. */
  readonly topK?: number | undefined;
  /** Default 0.95; 1 keeps every candidate. */
  readonly topP?: number | undefined;
  /** From 0, the default, to 2^32 - 2. Same seed, same state, same tokens. */
  readonly seed?: number | undefined;
  /** Compute `logProbability` and `margin`: a pass over the vocabulary per token. Default false. */
  readonly logProbabilities?: boolean | undefined;
  /** Go on after a token that ends a generation. Default false. */
  readonly ignoreEndOfGeneration?: boolean | undefined;
  /** Default 0. */
  readonly sequence?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const MAXIMUM_INTEGER = 2 ** 31 - 1;
/** The next higher one means "choose a seed" to the engine. */
const MAXIMUM_SEED = 2 ** 32 - 2;
const MAXIMUM_TEMPERATURE = 1000;

/** Checks the options and fills in the defaults. @throws {TypeError | RangeError} naming the option. */
export function convertGenerateOptions(options: GenerateOptions): NativeGenerateOptions {
  return {
    maxTokens: requireInteger("maxTokens", options.maxTokens, 1, MAXIMUM_INTEGER),
    temperature: requireNumber("temperature", options.temperature ?? 0, 0, MAXIMUM_TEMPERATURE),
    topK: requireInteger("topK", options.topK ?? 40, 0, MAXIMUM_INTEGER),
    topP: requireNumber("topP", options.topP ?? 0.95, 0, 1),
    seed: requireInteger("seed", options.seed ?? 0, 0, MAXIMUM_SEED),
    logProbabilities: requireBoolean("logProbabilities", options.logProbabilities ?? false),
    ignoreEndOfGeneration: requireBoolean("ignoreEndOfGeneration", options.ignoreEndOfGeneration ?? false),
  };
}
