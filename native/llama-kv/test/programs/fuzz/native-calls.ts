import type { NativeAddon } from "../../../src/addon.ts";
import type { Values } from "./values.ts";
import { keep, type World } from "./world.ts";

/** One call: a name for the trace, whom it is made on, and with what. */
export interface Call {
  readonly name: string;
  readonly target: object;
  readonly args: readonly unknown[];
  /** What is done with its result. */
  readonly onResult?: (result: unknown) => void;
}

/** A random call on the addon's own objects, below all checks that TypeScript makes. */
export function makeNativeCall(addon: NativeAddon, files: readonly string[], world: World, values: Values): Call {
  const { below, choose, chance } = values;
  const flag = (): unknown => (chance(0.9) ? choose(world.flags) : values.anything());
  const sequence = (): unknown => (chance(0.9) ? below(3) : values.anything());
  const sideEffect = (): void => {
    if (chance(0.5)) choose(world.flags).raise();
    else if (world.contexts.length > 0) watch(world, choose(world.contexts).close());
    else if (world.models.length > 0) watch(world, choose(world.models).close());
  };

  function onAddon(): Call {
    if (chance(0.3))
      return { name: "setLog", target: addon, args: [chance(0.5) ? () => undefined : values.anything()] };
    if (chance(0.1)) return { name: "openLibrary", target: addon, args: [values.anything()] };
    return { name: "createModel", target: addon, args: [], onResult: (model) => keep(world.models, model as never) };
  }

  function onModel(): Call {
    const target = choose(world.models);
    const model = (name: string, ...args: unknown[]): Call => ({ name, target, args });
    const makers: readonly (() => Call)[] = [
      () =>
        model(
          "load",
          chance(0.9) ? choose(files) : values.anything(),
          values.damage({ gpuLayers: 0, memoryMap: chance(0.5) }, sideEffect),
          flag(),
          chance(0.5) ? () => undefined : values.anything(),
        ),
      () => model("tokenize", chance(0.9) ? values.text() : values.anything(), chance(0.5), true),
      () => model("detokenize", chance(0.9) ? values.tokens(50) : values.anything(), chance(0.5)),
      () => model("piece", chance(0.9) ? below(512) : values.anything(), false),
      () => model("metadata"),
      () => model("kvBytesPerToken", choose(["f16", "q8_0", "nothing"]), chance(0.9) ? "f16" : values.anything()),
      () => ({
        ...model("createContext", values.damage(contextOptions(values), sideEffect)),
        onResult: (context) => keep(world.contexts, context as never),
      }),
    ];
    return chance(0.02) ? model("close") : choose(makers)();
  }

  function onContext(): Call {
    const target = choose(world.contexts);
    const context = (name: string, ...args: unknown[]): Call => ({ name, target, args });
    const count = (): unknown => (chance(0.9) ? below(140) : values.anything());
    const makers: readonly (() => Call)[] = [
      () => context("open"),
      () =>
        context(
          "prefill",
          chance(0.9) ? values.tokens(80) : values.anything(),
          sequence(),
          chance(0.9) ? choose(["position", "call"]) : values.anything(),
          flag(),
        ),
      () => context("evaluate", chance(0.9) ? below(512) : values.anything(), sequence(), flag()),
      () =>
        context("generate", values.damage(generateOptions(values), sideEffect), sequence(), flag(), () => undefined),
      () => context("trim", count(), sequence()),
      () => context("shift", count(), count(), sequence()),
      () => context("copy", sequence(), sequence()),
      () => context("keep", sequence()),
      () => context("clear"),
      () => ({ ...context("saveState", sequence()), onResult: (state) => keep(world.states, state as never) }),
      () => context("loadState", someState(world, values), sequence()),
      () => context("stateSize", sequence()),
      () => context("positions", sequence()),
      () => context("keptLogits", sequence()),
      () => context("setLogits", someLogits(values), sequence()),
      () => context("residentTokens", sequence()),
      () => context("work"),
    ];
    return chance(0.02) ? context("close") : choose(makers)();
  }

  if (world.models.length === 0 || chance(0.02)) return onAddon();
  if (chance(0.03)) return { name: "raise", target: choose(world.flags), args: [] };
  if (world.contexts.length === 0 || chance(0.2)) return onModel();
  return onContext();
}

/** Keeps a promise until it is settled, whatever becomes of it. */
export function watch(world: World, promise: Promise<unknown>): void {
  const settled: Promise<unknown> = promise.catch(() => undefined).finally(() => world.pending.delete(settled));
  world.pending.add(settled);
}

function contextOptions({ choose, below }: Values): Record<string, unknown> {
  return {
    sequences: 1 + below(3),
    // Far too many would end the process by itself: what fits is asked about above the addon.
    contextTokens: choose([1, 64, 128]),
    batchTokens: choose([1, 16, 64]),
    ubatchTokens: choose([1, 16, 64]),
    threads: 1,
    prefillThreads: 1,
    flashAttention: choose<unknown>([true, false, "auto"]),
    kvCacheTypeK: choose(["f16", "f32", "q8_0"]),
    kvCacheTypeV: choose(["f16", "f16", "q4_0"]),
  };
}

function generateOptions({ choose, chance, below }: Values): Record<string, unknown> {
  return {
    maxTokens: choose([1, 5, 2 ** 31 - 1]),
    temperature: choose([0, 0.7, 3e38]),
    topK: choose([0, 1, 40, 2 ** 31 - 1]),
    topP: choose([0, 0.5, 1]),
    seed: below(1000),
    logProbabilities: chance(0.5),
    ignoreEndOfGeneration: chance(0.5),
  };
}

function someState(world: World, { chance, choose, below, anything }: Values): unknown {
  if (world.states.length === 0 || chance(0.1)) return anything();
  const state = choose(world.states);
  if (chance(0.5)) return state;
  const damaged = state.slice(0, chance(0.5) ? state.length : below(state.length));
  const at = below(Math.max(1, damaged.length));
  if (at < damaged.length) damaged[at] = (damaged[at] ?? 0) ^ (1 << below(8));
  return damaged;
}

function someLogits({ chance, choose, anything }: Values): unknown {
  if (chance(0.1)) return anything();
  const extreme = choose([0, 1, 3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  return Float32Array.from({ length: 512 }, () => (chance(0.5) ? extreme : -extreme));
}
