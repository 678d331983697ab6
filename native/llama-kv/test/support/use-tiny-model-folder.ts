import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createTinyModel } from "../../src/tiny-model/index.ts";

/** A folder with a tiny model of each kind of memory, `<memory>.gguf`, for programs that load them by themselves. */
export function useTinyModelFolder(): { readonly folder: string } {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "llama-kv-models-"));
    for (const memory of ["full", "sliding_window", "recurrent", "hybrid", "none"] as const) {
      await writeFile(path.join(folder, `${memory}.gguf`), createTinyModel({ memory, seed: 1 }));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    get folder() {
      return folder;
    },
  };
}
