import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadAddon, type NativeContext, type NativeModel } from "../src/addon.ts";
import type { LlamaContext } from "../src/index.ts";
import { requireTestModel } from "./support/model-path.ts";
import { useModel } from "./support/use-model.ts";

// Whatever JavaScript passes in, the process must survive it and say which argument was wrong.

const fixture = useModel();
let context: LlamaContext;

beforeAll(async () => {
  context = await fixture.openContext({ sequences: 2 });
  await context.prefill(await fixture.tokens(10), { grid: "position" });
});
afterAll(() => context.close());

const GRID = { grid: "position" };
const VOCABULARY = 49152;

/** The public API without its types: callers of JavaScript have none. */
type Untyped = Record<string, (...values: unknown[]) => unknown>;

type Case = readonly [
  what: string,
  call: (model: Untyped, context: Untyped) => unknown,
  error: typeof TypeError,
  name: RegExp,
];

const PUBLIC_CASES: readonly Case[] = [
  ["prefill: a plain array", (_, c) => c["prefill"]?.([1, 2], GRID), TypeError, /tokens/],
  ["prefill: another typed array", (_, c) => c["prefill"]?.(Uint32Array.of(1), GRID), TypeError, /tokens/],
  ["prefill: nothing", (_, c) => c["prefill"]?.(), TypeError, /tokens/],
  ["prefill: a negative token", (_, c) => c["prefill"]?.(Int32Array.of(3, -1), GRID), RangeError, /tokens\[1\]/],
  [
    "prefill: a token past the vocabulary",
    (_, c) => c["prefill"]?.(Int32Array.of(VOCABULARY), GRID),
    RangeError,
    /tokens\[0\]/,
  ],
  ["prefill: no options", (_, c) => c["prefill"]?.(Int32Array.of(1)), TypeError, /options/],
  ["prefill: no grid", (_, c) => c["prefill"]?.(Int32Array.of(1), {}), TypeError, /grid/],
  ["prefill: another grid", (_, c) => c["prefill"]?.(Int32Array.of(1), { grid: "line" }), RangeError, /grid/],
  [
    "prefill: a sequence too many",
    (_, c) => c["prefill"]?.(Int32Array.of(1), { ...GRID, sequence: 2 }),
    RangeError,
    /sequence/,
  ],
  [
    "prefill: a negative sequence",
    (_, c) => c["prefill"]?.(Int32Array.of(1), { ...GRID, sequence: -1 }),
    RangeError,
    /sequence/,
  ],
  [
    "prefill: a signal that is none",
    (_, c) => c["prefill"]?.(Int32Array.of(1), { ...GRID, signal: {} }),
    TypeError,
    /signal/,
  ],
  ["evaluate: half a token", (_, c) => c["evaluate"]?.(1.5), RangeError, /token/],
  ["evaluate: NaN", (_, c) => c["evaluate"]?.(Number.NaN), RangeError, /token/],
  ["evaluate: a text", (_, c) => c["evaluate"]?.("1"), TypeError, /token/],
  ["trim: more than is resident", (_, c) => c["trim"]?.(11), RangeError, /11/],
  ["trim: infinity", (_, c) => c["trim"]?.(Number.POSITIVE_INFINITY), RangeError, /keepTokens/],
  ["trim: a negative count", (_, c) => c["trim"]?.(-1), RangeError, /keepTokens/],
  ["trim: an object", (_, c) => c["trim"]?.({}), TypeError, /keepTokens/],
  ["setLogits: too few", (_, c) => c["setLogits"]?.(new Float32Array(3)), RangeError, /logits/],
  ["setLogits: NaN", (_, c) => c["setLogits"]?.(new Float32Array(VOCABULARY).fill(Number.NaN)), RangeError, /logits/],
  ["setLogits: doubles", (_, c) => c["setLogits"]?.(new Float64Array(VOCABULARY)), TypeError, /logits/],
  [
    "setLogits: on an empty sequence",
    (_, c) => c["setLogits"]?.(new Float32Array(VOCABULARY), { sequence: 1 }),
    RangeError,
    /resident/,
  ],
  ["residentTokens: a sequence too many", (_, c) => c["residentTokens"]?.(9), RangeError, /sequence/],
  ["generate: no options", (_, c) => c["generate"]?.(), TypeError, /options/],
  ["generate: no tokens", (_, c) => c["generate"]?.({ maxTokens: 0 }), RangeError, /maxTokens/],
  ["generate: cold", (_, c) => c["generate"]?.({ maxTokens: 1, temperature: -0.1 }), RangeError, /temperature/],
  [
    "generate: NaN degrees",
    (_, c) => c["generate"]?.({ maxTokens: 1, temperature: Number.NaN }),
    RangeError,
    /temperature/,
  ],
  ["generate: topP above 1", (_, c) => c["generate"]?.({ maxTokens: 1, topP: 1.1 }), RangeError, /topP/],
  ["generate: topK below 0", (_, c) => c["generate"]?.({ maxTokens: 1, topK: -1 }), RangeError, /topK/],
  [
    "generate: the seed that means random",
    (_, c) => c["generate"]?.({ maxTokens: 1, seed: 2 ** 32 - 1 }),
    RangeError,
    /seed/,
  ],
  [
    "generate: a flag that is none",
    (_, c) => c["generate"]?.({ maxTokens: 1, logProbabilities: 1 }),
    TypeError,
    /logProb/,
  ],
  ["tokenize: a number", (m) => m["tokenize"]?.(3, { addSpecial: false }), TypeError, /text/],
  ["tokenize: no options", (m) => m["tokenize"]?.("text"), TypeError, /options/],
  ["tokenize: no addSpecial", (m) => m["tokenize"]?.("text", {}), TypeError, /addSpecial/],
  ["detokenize: a wrong token", (m) => m["detokenize"]?.(Int32Array.of(-5)), RangeError, /tokens\[0\]/],
  ["piece: past the vocabulary", (m) => m["piece"]?.(VOCABULARY), RangeError, /token/],
  ["createContext: nothing", (m) => m["createContext"]?.(), TypeError, /options/],
  ["createContext: no threads", (m) => m["createContext"]?.({ contextTokens: 256 }), TypeError, /threads/],
  [
    "createContext: 0 tokens",
    (m) => m["createContext"]?.({ contextTokens: 0, threads: 1 }),
    RangeError,
    /contextTokens/,
  ],
  [
    "createContext: 2^40 tokens",
    (m) => m["createContext"]?.({ contextTokens: 2 ** 40, threads: 1 }),
    RangeError,
    /contextTokens/,
  ],
  [
    "createContext: a batch below the ubatch",
    (m) => m["createContext"]?.({ contextTokens: 256, threads: 1, batchTokens: 8 }),
    RangeError,
    /batchTokens/,
  ],
  [
    "createContext: an unknown cache type",
    (m) => m["createContext"]?.({ contextTokens: 256, threads: 1, kvCacheTypeK: "q3" }),
    RangeError,
    /kvCacheTypeK/,
  ],
  [
    "createContext: 257 sequences",
    (m) => m["createContext"]?.({ contextTokens: 256, threads: 1, sequences: 257 }),
    RangeError,
    /sequences/,
  ],
];

describe("the public API refuses", () => {
  test.each(PUBLIC_CASES)("%s", async (_, call, error, name) => {
    const outcome = await settle(() => call(fixture.model as never, context as never));
    expect(outcome).toBeInstanceOf(error);
    expect(String(outcome)).toMatch(name);
  });

  test("and is as usable as before", async () => {
    expect(context.residentTokens()).toBe(10);
    expect(await context.lastLogits()).toBeDefined();
    expect((await context.prefill(await fixture.tokens(3), { grid: "call" })).residentTokens).toBe(13);
  });
});

// The addon checks again: it must hold without the TypeScript in front of it.
describe("the addon itself refuses", () => {
  const addon = loadAddon();
  let model: NativeModel & Untyped;
  let native: NativeContext & Untyped;

  beforeAll(async () => {
    model = addon.createModel() as NativeModel & Untyped;
    await model.load(requireTestModel(), { gpuLayers: 0, memoryMap: true }, new addon.AbortFlag(), undefined);
    native = model.createContext(NATIVE_OPTIONS) as NativeContext & Untyped;
    await native.open();
  });
  afterAll(async () => {
    await native.close();
    await model.close();
  });

  const WRONG = [
    undefined,
    null,
    Number.NaN,
    -1,
    2 ** 53,
    0.5,
    "x",
    {},
    [],
    Symbol.iterator,
    1n,
    () => 0,
    new Int32Array(2).fill(-9),
  ];
  const CONTEXT_METHODS = [
    "prefill",
    "evaluate",
    "generate",
    "trim",
    "positions",
    "keptLogits",
    "setLogits",
    "residentTokens",
  ];
  const MODEL_METHODS = ["load", "tokenize", "detokenize", "piece", "createContext"];

  test.each(CONTEXT_METHODS)("any wrong first argument of %s", async (method) => {
    for (const value of WRONG) {
      expect(await settle(() => native[method]?.(value, value, value, value)), String(value)).toBeInstanceOf(Error);
    }
  });

  test.each(MODEL_METHODS)("any wrong first argument of model.%s", async (method) => {
    for (const value of WRONG) {
      expect(await settle(() => model[method]?.(value, value, value, value)), String(value)).toBeInstanceOf(Error);
    }
  });

  test("flags that are not its own", async () => {
    for (const flag of [{}, native, Object.create(new addon.AbortFlag()), null]) {
      expect(await settle(() => native["prefill"]?.(Int32Array.of(1), 0, "call", flag))).toBeInstanceOf(TypeError);
    }
  });

  test("methods borrowed by other objects", () => {
    expect(() => native.work.call(model as never)).toThrow(TypeError);
    expect(() => native.work.call({} as never)).toThrow(TypeError);
    expect(() => addon.AbortFlag.prototype.raise.call(native as never)).toThrow(TypeError);
  });

  test("to construct its classes from JavaScript", () => {
    for (const instance of [model, native]) {
      const Class = instance.constructor as unknown as new (...values: unknown[]) => unknown;
      expect(() => new Class()).toThrow(TypeError);
      expect(() => new Class(instance)).toThrow(TypeError);
    }
  });

  test("a context that is not open yet, or opened twice", async () => {
    const fresh = model.createContext(NATIVE_OPTIONS);
    expect(() => fresh.work()).toThrow(/not open/);
    await fresh.open();
    expect(() => fresh.open()).toThrow(/open already/);
    await fresh.close();
  });

  test("an option that TypeScript would not let through", () => {
    for (const [name, value] of Object.entries({
      sequences: 0,
      threads: 1e9,
      ubatchTokens: -4,
      flashAttention: "yes",
      kvCacheTypeV: "",
    })) {
      expect(() => model.createContext({ ...NATIVE_OPTIONS, [name]: value }), name).toThrow(name);
    }
  });
});

const NATIVE_OPTIONS = {
  sequences: 1,
  contextTokens: 256,
  batchTokens: 32,
  ubatchTokens: 32,
  threads: 1,
  prefillThreads: 1,
  flashAttention: "auto",
  kvCacheTypeK: "f16",
  kvCacheTypeV: "f16",
} as const;

async function settle(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}
