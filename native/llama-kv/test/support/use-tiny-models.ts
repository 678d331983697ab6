import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type LlamaLibrary, type LlamaModel, loadLibrary } from "../../src/index.ts";
import { createTinyModel, type TinyModelOptions } from "../../src/tiny-model/index.ts";

export interface TinyModels {
  readonly library: LlamaLibrary;
  /** Writes a file and gives its path. The folder goes when the test file ends. */
  write(bytes: Uint8Array): Promise<string>;
  /** Makes and loads a model, closed by whoever opened it. */
  open(options: TinyModelOptions): Promise<LlamaModel>;
}

/** A folder for generated models. */
export function useTinyModels(): TinyModels {
  let library: LlamaLibrary | undefined;
  let directory = "";
  let files = 0;
  beforeAll(async () => {
    library = await loadLibrary();
    directory = await mkdtemp(path.join(tmpdir(), "llama-kv-tiny-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const opened = (): LlamaLibrary => {
    if (library === undefined) throw new Error("The library is loaded in beforeAll.");
    return library;
  };
  const write = async (bytes: Uint8Array): Promise<string> => {
    files += 1;
    const file = path.join(directory, `${files}.gguf`);
    await writeFile(file, bytes);
    return file;
  };
  return {
    get library() {
      return opened();
    },
    write,
    open: async (options) => opened().loadModel(await write(createTinyModel(options))),
  };
}
