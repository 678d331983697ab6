import { afterAll, beforeAll } from "vitest";
import { loadAddon, type NativeTesting } from "../../src/addon.ts";
import { type ContextOptions, type LlamaContext, type LlamaModel, loadLibrary } from "../../src/index.ts";
import { requireTestModel } from "./model-path.ts";

export interface TestModel {
  readonly model: LlamaModel;
  /**
   * A context on the test model with small chunks, closed by whoever opened it. One thread: two that wait for one
   * another crawl on a
   * machine that runs other tests meanwhile.
   */
  openContext(options?: Partial<ContextOptions>): Promise<LlamaContext>;
  /** `count` tokens of natural text, different for each `salt`. */
  tokens(count: number, salt?: number): Promise<Int32Array>;
}

/** Loads the test model once for a test file. */
export function useModel(): TestModel {
  let model: LlamaModel | undefined;
  beforeAll(async () => {
    const library = await loadLibrary();
    model = await library.loadModel(requireTestModel());
  });
  afterAll(() => model?.close());
  const loaded = (): LlamaModel => {
    if (model === undefined) throw new Error("The model is loaded in beforeAll.");
    return model;
  };
  return {
    get model() {
      return loaded();
    },
    openContext: (options) => loaded().createContext({ contextTokens: 512, ubatchTokens: 32, threads: 1, ...options }),
    tokens: async (count, salt = 0) => {
      const text = Array.from({ length: count }, (_, i) => WORDS[(i * 7 + ((i * i) % 5) + salt * 3) % WORDS.length]);
      return (await loaded().tokenize(text.join(" "), { addSpecial: false })).slice(0, count);
    },
  };
}

/** Makes the whole file use the testing build of the addon. Call it before the library is loaded. */
export function useTestingAddon(): () => NativeTesting {
  process.env["LLAMA_KV_ADDON"] = new URL("../../build/Release/llama_kv_testing.node", import.meta.url).pathname;
  beforeAll(() => testing().install());
  return testing;
}

function testing(): NativeTesting {
  const hooks = loadAddon().testing;
  if (hooks === undefined) throw new Error("The testing build of the addon has no hooks.");
  return hooks;
}

const WORDS =
  "river stone morning letter quiet harbour engine window garden seven paper lantern distance winter copper answer".split(
    " ",
  );
