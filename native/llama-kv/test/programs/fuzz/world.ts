import type { NativeAbortFlag, NativeContext, NativeModel } from "../../../src/addon.ts";
import type { LlamaContext, LlamaModel } from "../../../src/index.ts";

/** Objects that the fuzzer calls, closed and half-made ones included, and what is under way. */
export interface World {
  readonly models: NativeModel[];
  readonly contexts: NativeContext[];
  readonly flags: NativeAbortFlag[];
  readonly states: Uint8Array[];
  readonly publicModels: LlamaModel[];
  readonly publicContexts: LlamaContext[];
  readonly pending: Set<Promise<unknown>>;
}

/** So many of each are kept; older ones are forgotten, for the garbage collector to find. */
const LIMIT = 8;

export function createWorld(): World {
  return {
    models: [],
    contexts: [],
    flags: [],
    states: [],
    publicModels: [],
    publicContexts: [],
    pending: new Set(),
  };
}

export function keep<T>(list: T[], value: T): void {
  list.push(value);
  if (list.length > LIMIT) list.shift();
}
