import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTinyModel } from "@benchreport/llama-kv/tiny-model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backend } from "../src/index.ts";
import { modelPath, openLlama } from "./open-llama.ts";

describe("the description", () => {
  it("holds what really runs, as read back from the engine", async () => {
    await using engine = await openLlama({ ubatchTokens: 64, kvCacheTypeK: "q8_0", flashAttention: "on" });
    expect(engine.describe()).toMatchObject({
      name: "llama",
      version: expect.stringMatching(/^llama\.cpp v\d/),
      device: "CPU",
      model: {
        name: "SmolLM2",
        bytes: 98_362_432,
        architecture: "llama",
        quantization: "Q4_1",
        memory: "full",
        trainedContextTokens: 8192,
      },
      settings: { threads: 1, ubatchTokens: 64, kvCacheTypeK: "q8_0", kvCacheTypeV: "f16", flashAttention: true },
      identity: { modelDigest: "digest of the test model", addBos: false, numerics: { ubatchTokens: 64, threads: 1 } },
    });
    expect(engine.capabilities).toMatchObject({
      reuse: { trim: "any", granularityTokens: 64, wholePrefix: "all", counting: "physical", exact: true },
      cancel: "operation",
      snapshot: true,
      maxContextTokens: undefined,
    });
    expect(Object.isFrozen(engine.capabilities.reuse)).toBe(true);
  });

  it("changes its identity with every setting that changes the cache", async () => {
    const identities = [];
    for (const settings of [
      {},
      { reuse: "longest" },
      { ubatchTokens: 64 },
      { kvCacheTypeK: "q8_0" },
      { flashAttention: "off" },
    ]) {
      await using engine = await openLlama(settings);
      identities.push(JSON.stringify(engine.describe().identity));
    }
    expect(new Set(identities).size).toBe(5);
  });

  it("declares exactness only where it was measured", async () => {
    for (const [settings, exact] of [
      [{ kvCacheTypeK: "q8_0" }, true],
      [{ kvCacheTypeK: "q4_0" }, false],
      [{ ubatchTokens: 8 }, false],
      [{ reuse: "longest" }, false],
    ] as const) {
      await using engine = await openLlama(settings);
      expect(engine.capabilities.reuse.exact).toBe(exact);
    }
  });

  it("reads back steps that are longer than the smallest context", async () => {
    await using engine = await openLlama({ ubatchTokens: 512 });
    expect(engine.capabilities.reuse.granularityTokens).toBe(512);
  });

  it("notes threads that have no core of their own", async () => {
    await using engine = await openLlama({ threads: 500 });
    expect(engine.describe().notes).toContainEqual(expect.stringMatching(/^500 threads share \d+ usable cores/));
  });

  it("closes its sessions with itself", async () => {
    const engine = await openLlama();
    const session = await engine.openSession();
    expect(session.explainContext().contextTokens).toBe(4096);
    await engine.close();
    expect(session.explainContext().state).toBe("closed");
    await expect(engine.openSession()).rejects.toMatchObject({ code: "SESSION_CLOSED" });
  });
});

describe("settings are refused", () => {
  it.each([
    [{ nonsense: 1 }, "nonsense"],
    [{ ubatchTokens: 0 }, "ubatchTokens"],
    [{ threads: 1.5 }, "threads"],
    [{ threads: 0 }, "threads"],
    [{ threads: 10_000 }, "threads"],
    [{ kvCacheTypeV: "f8" }, "kvCacheTypeV"],
    [{ reuse: "some" }, "reuse"],
    [{ ubatchTokens: 8192 }, "ubatchTokens"],
  ])("%j", async (settings, setting) => {
    await expect(openLlama(settings)).rejects.toMatchObject({ code: "SETTINGS_INVALID", meta: { setting } });
  });
  it("together: a quantised V cache without flash attention", async () => {
    await expect(openLlama({ kvCacheTypeV: "q8_0", flashAttention: "off" })).rejects.toMatchObject({
      code: "SETTINGS_INVALID",
    });
  });
});

it("a session that this machine has no memory for is refused before anything is allocated", async () => {
  await using engine = await openLlama();
  await expect(engine.openSession({ contextTokens: 2 ** 25 })).rejects.toMatchObject({
    code: "INSUFFICIENT_MEMORY",
    fix: expect.stringContaining("fewer context tokens"),
    meta: { kvBytesPerToken: 23_040, availableBytes: expect.any(Number) },
  });
});

describe("a model file is refused", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "benchreport llama ü "));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function refusal(path: string | undefined): Promise<unknown> {
    return await backend
      .createBackend({ model: { name: "model", path, digest: "d" }, settings: { threads: 1 } })
      .then((engine) => engine.close().then(() => "accepted"))
      .catch((error: unknown) => error);
  }
  async function head(bytes: number): Promise<string> {
    const path = join(folder, `head-${bytes}.gguf`);
    const file = await open(modelPath);
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    await file.close();
    await writeFile(path, buffer);
    return path;
  }

  it("that is absent, a folder or empty", async () => {
    await mkdir(join(folder, "models"));
    await writeFile(join(folder, "empty.gguf"), "");
    expect(await refusal(undefined)).toMatchObject({ code: "MODEL_NOT_FOUND" });
    expect(await refusal(join(folder, "nowhere.gguf"))).toMatchObject({ code: "MODEL_NOT_FOUND" });
    expect(await refusal(join(folder, "models"))).toMatchObject({
      code: "MODEL_INVALID",
      meta: { engineCode: "MODEL_IS_DIRECTORY" },
    });
    expect(await refusal(join(folder, "empty.gguf"))).toMatchObject({
      code: "MODEL_INVALID",
      meta: { engineCode: "MODEL_EMPTY" },
    });
  });
  it("that embeds instead of generating, has no tokenizer, or is of an unknown architecture", async () => {
    const write = async (name: string, options: Parameters<typeof createTinyModel>[0]): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, createTinyModel(options));
      return path;
    };
    expect(await refusal(await write("embeds.gguf", { memory: "none", seed: 1 }))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      message: expect.stringContaining("encodes or embeds"),
    });
    const metadata = { "tokenizer.ggml.model": undefined };
    expect(await refusal(await write("mute.gguf", { memory: "full", seed: 1, metadata }))).toMatchObject({
      code: "MODEL_INVALID",
      meta: { engineCode: "MODEL_VOCABULARY_MISSING" },
    });
    const unknown = { "general.architecture": "marmalade" };
    expect(await refusal(await write("unknown.gguf", { memory: "full", seed: 1, metadata: unknown }))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      meta: { engineCode: "MODEL_UNSUPPORTED" },
    });
  });
  it("that is not GGUF, or cut in its header or in its tensors", async () => {
    await writeFile(join(folder, "text.gguf"), "This is no model at all, but some text.");
    expect(await refusal(join(folder, "text.gguf"))).toMatchObject({
      code: "MODEL_INVALID",
      meta: { engineCode: "MODEL_NOT_GGUF" },
    });
    expect(await refusal(await head(5000))).toMatchObject({
      code: "MODEL_INVALID",
      meta: { engineCode: "MODEL_HEADER_DAMAGED" },
    });
    expect(await refusal(await head(50_000_000))).toMatchObject({
      code: "MODEL_INVALID",
      meta: { engineCode: "MODEL_TRUNCATED" },
    });
  });
});

it("finds the engine here, and makes it work", async () => {
  const diagnosis = await backend.diagnose();
  expect(diagnosis).toMatchObject({ usable: true, version: expect.stringContaining("llama.cpp v") });
  expect(diagnosis.findings.at(-1)).toMatchObject({ what: expect.stringContaining("one token"), ok: true });
});
