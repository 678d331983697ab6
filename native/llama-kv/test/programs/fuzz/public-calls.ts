import type { LlamaLibrary } from "../../../src/index.ts";
import type { Call } from "./native-calls.ts";
import type { Values } from "./values.ts";
import { keep, type World } from "./world.ts";

/** A random call through the public API. */
export function makePublicCall(library: LlamaLibrary, files: readonly string[], world: World, values: Values): Call {
  const { below, choose, chance } = values;
  const sideEffect = (): void => choose(world.flags).raise();
  const signal = (): AbortSignal | undefined => {
    if (chance(0.5)) return undefined;
    const controller = new AbortController();
    if (chance(0.2)) controller.abort();
    else setImmediate(() => controller.abort());
    return controller.signal;
  };
  const sequence = (): unknown => (chance(0.9) ? { sequence: below(2) } : values.anything());

  function onModel(): Call {
    const target = choose(world.publicModels);
    const model = (name: string, ...args: unknown[]): Call => ({ name, target, args });
    const options = { contextTokens: choose([16, 128, 2 ** 40]), ubatchTokens: 16, threads: 1, sequences: 2 };
    const makers: readonly (() => Call)[] = [
      () => model("tokenize", values.text(), values.damage({ addSpecial: true, parseSpecial: false }, sideEffect)),
      () => model("detokenize", chance(0.9) ? values.tokens(20) : values.anything()),
      () => model("piece", chance(0.9) ? below(512) : values.anything()),
      () => model("metadata"),
      () => ({
        ...model("createContext", values.damage(options, sideEffect)),
        onResult: (context) => keep(world.publicContexts, context as never),
      }),
    ];
    return chance(0.03) ? model("close") : choose(makers)();
  }

  function onContext(): Call {
    const target = choose(world.publicContexts);
    const context = (name: string, ...args: unknown[]): Call => ({ name, target, args });
    const makers: readonly (() => Call)[] = [
      () => context("prefill", values.tokens(60), values.damage({ grid: "position", signal: signal() }, sideEffect)),
      () => context("evaluate", below(512), values.damage({ signal: signal() }, sideEffect)),
      () => ({
        ...context("generate", values.damage({ maxTokens: 1 + below(50), signal: signal() }, sideEffect)),
        onResult: (generation) => walk(generation as AsyncIterable<unknown>, below(5)),
      }),
      () => context("trim", chance(0.9) ? below(128) : values.anything(), sequence()),
      () => context("shift", values.damage({ from: below(20), count: below(20) }, sideEffect)),
      () => context("copy", values.damage({ from: 0, to: below(2) }, sideEffect)),
      () => context("keep", chance(0.9) ? below(2) : values.anything()),
      () => context("clear"),
      () => ({ ...context("saveState", sequence()), onResult: (state) => keep(world.states, state as never) }),
      () => context("loadState", world.states[0] ?? values.anything(), sequence()),
      () => context("lastLogits", sequence()),
      () => context("residentTokens", chance(0.9) ? below(2) : values.anything()),
      () => context("positionRange", sequence()),
    ];
    return chance(0.03) ? context("close") : choose(makers)();
  }

  if (world.publicModels.length === 0 || chance(0.05)) {
    const load: Call = {
      name: "loadModel",
      target: library,
      args: [chance(0.9) ? choose(files) : values.anything(), { signal: signal() }],
      onResult: (model) => keep(world.publicModels, model as never),
    };
    return load;
  }
  return world.publicContexts.length === 0 || chance(0.2) ? onModel() : onContext();
}

/** Reads a few events and leaves. Failures are for whoever reads. */
function walk(generation: AsyncIterable<unknown>, count: number): void {
  const read = async (): Promise<void> => {
    let left = count;
    for await (const _ of generation) {
      left -= 1;
      if (left <= 0) break;
    }
  };
  read().catch(() => undefined);
}
