import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LlamaKvError, type LlamaLibrary, loadLibrary } from "../src/index.ts";
import { writeGguf } from "../src/tiny-model/index.ts";
import { requireTestModel } from "./support/model-path.ts";

let library: LlamaLibrary;
let directory: string;

beforeAll(async () => {
  library = await loadLibrary();
  directory = await mkdtemp(path.join(tmpdir(), "llama-kv-models-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function loadError(content: Uint8Array): Promise<LlamaKvError> {
  const file = path.join(directory, "model.gguf");
  await writeFile(file, content);
  return errorOf(file);
}

async function errorOf(file: string): Promise<LlamaKvError> {
  const error: unknown = await library.loadModel(file).then(
    () => new Error("it was loaded"),
    (reason: unknown) => reason,
  );
  if (!LlamaKvError.is(error)) throw error;
  return error;
}

async function readStart(bytes: number): Promise<Uint8Array> {
  await using file = await open(requireTestModel());
  return (await file.read(Buffer.alloc(bytes), 0, bytes, 0)).buffer;
}

describe("a model file is refused when it", () => {
  test("is not there", async () => {
    expect(await errorOf(path.join(directory, "missing.gguf"))).toMatchObject({ code: "MODEL_NOT_FOUND" });
  });

  test("is a directory", async () => {
    expect(await errorOf(directory)).toMatchObject({ code: "MODEL_IS_DIRECTORY", meta: { path: directory } });
  });

  test("is empty", async () => {
    expect(await loadError(new Uint8Array())).toMatchObject({ code: "MODEL_EMPTY" });
  });

  test.each(["GG", "not a model at all", "GGUE\u0003"])("begins with %j", async (text) => {
    expect(await loadError(Buffer.from(text))).toMatchObject({ code: "MODEL_NOT_GGUF" });
  });

  test("ends in its header", async () => {
    const error = await loadError(await readStart(1000));
    expect(error).toMatchObject({ code: "MODEL_HEADER_DAMAGED" });
    expect(error.why).toMatch(/The engine said: .*exceeds remaining file size/);
  });

  test("claims more entries than any file holds", async () => {
    const damaged = writeGguf({ "general.architecture": "llama" });
    new DataView(damaged.buffer).setBigUint64(16, 2n ** 60n, true);
    expect(await loadError(damaged)).toMatchObject({ code: "MODEL_HEADER_DAMAGED" });
  });

  test("ends in its tensors, naming the first one that does not fit", async () => {
    const bytes = 4_000_000;
    const error = await loadError(await readStart(bytes));
    expect(error).toMatchObject({ code: "MODEL_TRUNCATED", meta: { fileBytes: bytes, tensor: expect.any(String) } });
    expect(error.meta["tensorEndBytes"]).toBeGreaterThan(bytes);
    expect(error.message).toContain(`the file at byte ${bytes}`);
  });

  test.each([{}, { "tokenizer.ggml.model": "none" }, { "tokenizer.ggml.model": "no_vocab" }])(
    "has no vocabulary: %j",
    async (vocabulary) => {
      const model = writeGguf({ "general.architecture": "llama", ...vocabulary });
      expect(await loadError(model)).toMatchObject({ code: "MODEL_VOCABULARY_MISSING" });
    },
  );

  test("is of an architecture that the engine does not know", async () => {
    const error = await loadError(writeGguf({ "general.architecture": "marmalade", "tokenizer.ggml.model": "gpt2" }));
    expect(error).toMatchObject({ code: "MODEL_UNSUPPORTED" });
    expect(error.why).toContain("marmalade");
  });

  test("lacks what its architecture needs", async () => {
    const error = await loadError(writeGguf({ "general.architecture": "llama", "tokenizer.ggml.model": "gpt2" }));
    expect(error).toMatchObject({ code: "MODEL_LOAD_FAILED" });
    expect(error.why).toMatch(/The engine said: .*key not found/s);
  });
});

test("loading reports progress up to 1", async () => {
  const fractions: number[] = [];
  await using _model = await library.loadModel(requireTestModel(), { onProgress: (value) => fractions.push(value) });
  expect(fractions.at(-1)).toBe(1);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
});

test("loading without a memory map gives the same model", async () => {
  await using model = await library.loadModel(requireTestModel(), { memoryMap: false });
  expect(model.facts.vocabularyTokens).toBe(49152);
});

test("an aborted load rejects with the reason, before it began and during it", async () => {
  await expect(library.loadModel(requireTestModel(), { signal: AbortSignal.abort("early") })).rejects.toBe("early");
  const controller = new AbortController();
  const load = library.loadModel(requireTestModel(), { signal: controller.signal, memoryMap: false });
  controller.abort("during");
  await expect(load).rejects.toBe("during");
});
