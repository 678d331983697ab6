import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LlamaLibrary } from "@benchreport/llama-kv";
import { createTinyModel } from "@benchreport/llama-kv/tiny-model";

/** Makes the engine generate one token of a tiny model, whose weights are random: everything but a real model's size. */
export async function decodeOneToken(library: LlamaLibrary): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "benchreport-self-test-"));
  try {
    const path = join(folder, "tiny.gguf");
    await writeFile(path, createTinyModel({ memory: "full", seed: 1 }));
    await using model = await library.loadModel(path, { memoryMap: false });
    await using context = await model.createContext({ contextTokens: 256, threads: 1 });
    await context.prefill(await model.tokenize("One token.", { addSpecial: false }), { grid: "position" });
    for await (const _ of context.generate({ maxTokens: 1, ignoreEndOfGeneration: true }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
