// Run by test/hostile-use.test.ts, one program per process: `node hostile-use.ts <name> <folder of tiny models>`.
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { NativeAddon, NativeContext, NativeModel } from "../../src/addon.ts";
import { type LlamaContext, LlamaKvError, type LlamaModel, loadLibrary, locateBinaries } from "../../src/index.ts";
import { collect } from "../support/collect.ts";

const name: string = workerData?.name ?? process.argv[2];
const folder: string = workerData?.folder ?? process.argv[3];

const TOKENS = Int32Array.from({ length: 100 }, (_, i) => 10 + ((i * 7) % 400));
const OPTIONS = { contextTokens: 256, ubatchTokens: 16, threads: 1, sequences: 2 };
const NATIVE_OPTIONS = {
  ...OPTIONS,
  batchTokens: 16,
  prefillThreads: 1,
  flashAttention: "auto",
  kvCacheTypeK: "f16",
  kvCacheTypeV: "f16",
} as const;

async function openModel(): Promise<LlamaModel> {
  return (await loadLibrary()).loadModel(path.join(folder, "full.gguf"));
}

/** The numbers of a whole turn from nothing. */
async function turn(context: LlamaContext): Promise<unknown> {
  await context.clear();
  await context.prefill(TOKENS, { grid: "position" });
  const events = await collect(context.generate({ maxTokens: 12, logProbabilities: true }));
  return events.map((event) => ({ ...event, at: 0 }));
}

/** The addon from a file of its own: a second one to the loader, with everything but the engine apart. */
async function loadCopy(file: string): Promise<{ addon: NativeAddon; model: NativeModel; context: NativeContext }> {
  const copy = path.join(folder, file);
  await copyFile(fileURLToPath(new URL("../../build/Release/llama_kv.node", import.meta.url)), copy);
  const addon = createRequire(import.meta.url)(copy) as NativeAddon;
  process.once("exit", () => addon.shutDown());
  const { found } = await locateBinaries({});
  assert.ok(found);
  addon.openLibrary({ directory: found.directory, paths: found.paths });
  const model = addon.createModel();
  const options = { gpuLayers: 0, memoryMap: true };
  await model.load(path.join(folder, "full.gguf"), options, new addon.AbortFlag(), undefined);
  const context = model.createContext(NATIVE_OPTIONS);
  await context.open();
  return { addon, model, context };
}

const programs: Record<string, () => Promise<void>> = {
  async "objects of another copy of the addon are foreign"() {
    const [first, second] = [await loadCopy("first.node"), await loadCopy("second.node")];
    assert.throws(() => first.context.work.call(second.context), TypeError);
    assert.throws(() => first.model.metadata.call(second.model), TypeError);
    assert.throws(() => first.context.work.call(first.model as never), TypeError);
    const flag = new second.addon.AbortFlag();
    assert.throws(() => first.context.prefill(TOKENS, 0, "call", flag), TypeError);
    for (const stranger of [{}, Object.create(first.context), new Proxy(first.context, {}), new Date()]) {
      assert.throws(() => first.context.work.call(stranger), TypeError);
    }
    await Promise.all(
      [first, second].map(({ addon, context }) => context.prefill(TOKENS, 0, "call", new addon.AbortFlag())),
    );
    assert.deepEqual(await first.context.keptLogits(0), await second.context.keptLogits(0));
  },
  async "whatever is closed says so"() {
    const model = await openModel();
    const context = await model.createContext(OPTIONS);
    await context.prefill(TOKENS, { grid: "position" });
    const state = await context.saveState();
    await model.close();
    const closed = (error: unknown): boolean => LlamaKvError.is(error) && error.code === "CLOSED";
    await assert.rejects(context.prefill(TOKENS, { grid: "call" }), closed);
    await assert.rejects(context.evaluate(5), closed);
    await assert.rejects(context.loadState(state), closed);
    await assert.rejects(context.copy({ from: 0, to: 1 }), closed);
    await assert.rejects(model.tokenize("text", { addSpecial: false }), closed);
    await assert.rejects(model.createContext(OPTIONS), closed);
    assert.throws(() => context.generate({ maxTokens: 1 }), closed);
    assert.throws(() => model.piece(5), closed);
    await Promise.all([context.close(), model.close(), context.close()]);
  },
  async "closing during work of every kind settles all of it"() {
    const model = await openModel();
    for (let round = 0; round < 40; round += 1) {
      const context = await model.createContext(OPTIONS);
      await context.prefill(TOKENS.subarray(0, 20), { grid: "position" });
      const state = await context.saveState();
      const work = [
        context.prefill(TOKENS, { grid: "position" }),
        collect(context.generate({ maxTokens: 100 })),
        context.loadState(state, { sequence: 1 }),
        context.saveState(),
        context.copy({ from: 0, to: 1 }),
        context.shift({ from: 0, count: 3 }),
        context.lastLogits(),
      ];
      const settled = Promise.allSettled(work);
      if (round % 2 === 1) await new Promise((resolve) => setImmediate(resolve));
      await context.close();
      await settled;
    }
    await model.close();
  },
  async "a storm of aborts leaves a context as it was"() {
    const model = await openModel();
    const context = await model.createContext(OPTIONS);
    const before = await turn(context);
    for (let round = 0; round < 300; round += 1) {
      const controller = new AbortController();
      const { signal } = controller;
      const work = Promise.allSettled([
        context.prefill(TOKENS.subarray(0, 60), { grid: "position", signal }),
        collect(context.generate({ maxTokens: 50, signal })),
        context.evaluate(7, { signal }),
      ]);
      if (round % 3 !== 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      await work;
      await context.clear();
    }
    assert.deepEqual(await turn(context), before);
  },
  async "getters that close what is being called"() {
    const { addon, model, context } = await loadCopy("getters.node");
    const closing = (options: object, key: string, close: () => Promise<void>): never =>
      Object.defineProperty({ ...options }, key, {
        get: () => {
          void close();
          return (options as Record<string, unknown>)[key];
        },
      }) as never;
    const generation = { maxTokens: 9, temperature: 0, topK: 0, topP: 1, seed: 0, logProbabilities: true };
    const options = closing({ ...generation, ignoreEndOfGeneration: true }, "seed", () => context.close());
    await assert.rejects(context.generate(options, 0, new addon.AbortFlag(), () => undefined));
    const late = model.createContext(closing(NATIVE_OPTIONS, "threads", () => model.close()));
    await assert.rejects(async () => late.open());
    assert.throws(() => model.metadata());
  },
  async "arrays that are detached, shared, resized or too long"() {
    const model = await openModel();
    const context = await model.createContext(OPTIONS);
    const shared = new Int32Array(new SharedArrayBuffer(16)).fill(9);
    assert.equal((await context.prefill(shared, { grid: "call" })).residentTokens, 4);
    const resizable: ArrayBuffer = Reflect.construct(ArrayBuffer, [400, { maxByteLength: 4000 }]);
    const resized = new Int32Array(resizable, 200);
    if ("resize" in resizable && typeof resizable.resize === "function") {
      resizable.resize(100);
      await assert.rejects(context.prefill(resized, { grid: "call" }), TypeError);
      resizable.resize(4000);
      await assert.rejects(context.prefill(resized, { grid: "call" }), { code: "CONTEXT_OVERFLOW" });
    }
    const detached = Int32Array.of(1, 2, 3);
    structuredClone(detached, { transfer: [detached.buffer] });
    await assert.rejects(context.prefill(detached, { grid: "call" }), TypeError);
    await assert.rejects(context.prefill(new Int32Array(20_000_000), { grid: "call" }), { code: "CONTEXT_OVERFLOW" });
    await assert.rejects(context.setLogits(new Float32Array(511)), RangeError);
  },
  async "contexts that no machine can hold are refused"() {
    const model = await openModel();
    for (const contextTokens of [2 ** 26, 2 ** 31, 2 ** 53, Number.POSITIVE_INFINITY]) {
      await assert.rejects(model.createContext({ ...OPTIONS, contextTokens }));
    }
    await (await model.createContext(OPTIONS)).prefill(TOKENS, { grid: "position" });
  },
  async "two worker threads at once"() {
    const results = await Promise.all([runWorker("in a worker: turns"), runWorker("in a worker: turns")]);
    assert.deepEqual(results, [0, 0]);
  },
  async "workers are terminated while their events arrive"() {
    for (let round = 0; round < 12; round += 1) {
      const worker = startWorker("in a worker: events without end");
      await new Promise((resolve) => worker.once("message", resolve));
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      await worker.terminate();
    }
  },
  async "process.exit() with work of every kind in flight"() {
    const model = await openModel();
    const context = await model.createContext(OPTIONS);
    await context.prefill(TOKENS, { grid: "position" });
    const state = await context.saveState();
    void context.loadState(state, { sequence: 1 });
    context.generate({ maxTokens: 150 });
    void context.copy({ from: 0, to: 1 });
    void model.createContext(OPTIONS).catch(() => undefined);
    void model.tokenize("word ".repeat(10_000), { addSpecial: false });
    process.exit(0);
  },
  async "in a worker: turns"() {
    const model = await openModel();
    const context = await model.createContext(OPTIONS);
    const first = await turn(context);
    for (let round = 0; round < 20; round += 1) assert.deepEqual(await turn(context), first);
    await model.close();
  },
  async "in a worker: events without end"() {
    const model = await openModel();
    const contexts = await Promise.all([1, 2].map(() => model.createContext(OPTIONS)));
    for (const context of contexts) await context.prefill(TOKENS.subarray(0, 5), { grid: "position" });
    parentPort?.postMessage("working");
    for (;;) {
      for (const context of contexts) await context.trim(5);
      for (const context of contexts) await context.evaluate(9);
      await Promise.all(contexts.map((context) => collect(context.generate({ maxTokens: 200 }))));
    }
  },
};

function startWorker(program: string): Worker {
  return new Worker(new URL(import.meta.url), { workerData: { name: program, folder } });
}

function runWorker(program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    startWorker(program).once("exit", resolve).once("error", reject);
  });
}

const program = programs[name];
assert.ok(program, `There is no program ${name}.`);
await program();
if (isMainThread) process.exitCode ??= 0;
