import { beforeAll, describe, expect, test } from "vitest";
import { type LlamaLibrary, type LlamaModel, loadLibrary } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { requireTestModel } from "./support/model-path.ts";

let library: LlamaLibrary;

beforeAll(async () => {
  library = await loadLibrary();
});

const OPTIONS = { contextTokens: 512, ubatchTokens: 32, threads: 1 };
const CLOSED = { code: "CLOSED" };

async function load(): Promise<LlamaModel> {
  return library.loadModel(requireTestModel());
}

describe("after a context is closed", () => {
  test("every call is refused, counters stay readable, closing again is fine", async () => {
    await using model = await load();
    const context = await model.createContext(OPTIONS);
    await context.prefill(Int32Array.of(1, 2, 3), { grid: "position" });
    await context.close();
    await context.close();
    await expect(context.prefill(Int32Array.of(1), { grid: "call" })).rejects.toMatchObject(CLOSED);
    await expect(context.evaluate(1)).rejects.toMatchObject(CLOSED);
    await expect(context.trim(0)).rejects.toMatchObject(CLOSED);
    await expect(context.clear()).rejects.toMatchObject(CLOSED);
    await expect(context.lastLogits()).rejects.toMatchObject(CLOSED);
    await expect(context.positionRange()).rejects.toMatchObject(CLOSED);
    expect(() => context.generate({ maxTokens: 1 })).toThrow(expect.objectContaining(CLOSED));
    expect(context.residentTokens()).toBe(0);
    expect(context.work()).toMatchObject({ prefillCalls: 1, prefillTokens: 3 });
  });
});

describe("closing a context with work in flight", () => {
  test("aborts running and queued calls and waits for them", async () => {
    await using model = await load();
    const context = await model.createContext(OPTIONS);
    const tokens = new Int32Array(500).fill(7);
    const running = context.prefill(tokens, { grid: "position" });
    const queued = context.trim(1);
    const outcomes = Promise.allSettled([running, queued]);
    await context.close();
    expect(await outcomes).toEqual([
      { status: "rejected", reason: expect.objectContaining(CLOSED) },
      { status: "rejected", reason: expect.objectContaining(CLOSED) },
    ]);
    expect(context.work().prefillTokens).toBeLessThan(500);
  });

  test("ends a generation", async () => {
    await using model = await load();
    const context = await model.createContext(OPTIONS);
    await context.prefill(Int32Array.of(1, 2, 3), { grid: "position" });
    const generation = context.generate({ maxTokens: 400, ignoreEndOfGeneration: true });
    await generation.next();
    await context.close();
    await expect(collect(generation)).rejects.toMatchObject(CLOSED);
  });
});

describe("closing a model", () => {
  test("closes its contexts first, whatever they do", async () => {
    const model = await load();
    const contexts = [await model.createContext(OPTIONS), await model.createContext(OPTIONS)];
    const work = contexts.map((context) => context.prefill(new Int32Array(500).fill(7), { grid: "position" }));
    const outcomes = Promise.allSettled(work);
    await model.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(contexts[0]?.clear()).rejects.toMatchObject(CLOSED);
  });

  test("refuses every later call, and closing again is fine", async () => {
    const model = await load();
    await model.close();
    await model.close();
    await expect(model.tokenize("text", { addSpecial: false })).rejects.toMatchObject(CLOSED);
    await expect(model.createContext(OPTIONS)).rejects.toMatchObject(CLOSED);
    expect(() => model.detokenize(Int32Array.of(1))).toThrow(expect.objectContaining(CLOSED));
    expect(() => model.piece(1)).toThrow(expect.objectContaining(CLOSED));
    expect(() => model.metadata()).toThrow(expect.objectContaining(CLOSED));
    expect(model.facts.vocabularyTokens).toBe(49152);
  });

  test("while a context is being opened leaves none behind", async () => {
    const model = await load();
    const opening = model.createContext(OPTIONS);
    const outcome = opening.then(
      () => "opened",
      (error: unknown) => error,
    );
    await model.close();
    expect(await outcome).toMatchObject(CLOSED);
  });
});

test("opening and closing again and again keeps memory flat", async () => {
  await using model = await load();
  const cycle = async (): Promise<void> => {
    await using context = await model.createContext({ ...OPTIONS, contextTokens: 256 });
    await context.prefill(Int32Array.of(1, 2, 3), { grid: "position" });
  };
  for (let i = 0; i < 5; i += 1) await cycle();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 30; i += 1) await cycle();
  // Each context holds 6 MB of cells: 30 that leaked would be 180 MB.
  expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
});
