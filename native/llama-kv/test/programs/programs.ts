// Run by test/process.test.ts, one program per process: `node programs.ts <name>`.
import { readdirSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type LlamaContext, type LlamaModel, loadLibrary } from "../../src/index.ts";
import { collect } from "../support/collect.ts";
import { requireTestModel } from "../support/model-path.ts";

const OPTIONS = { contextTokens: 1024, ubatchTokens: 64, threads: 1 };
const LONG = new Int32Array(1000).fill(7);

async function open(): Promise<{ model: LlamaModel; context: LlamaContext }> {
  const library = await loadLibrary();
  const model = await library.loadModel(requireTestModel());
  return { model, context: await model.createContext(OPTIONS) };
}

/** Waits until the engine is in the middle of a long prefill. */
async function startWork(context: LlamaContext): Promise<void> {
  context.prefill(LONG, { grid: "position" }).catch(() => undefined);
  while (context.work().prefillCalls < 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

/**
 * Fails the process unless its evaluation was aborted: the runtime is about to be torn down under the engine's thread.
 */
function requireAborted(context: LlamaContext): void {
  if (context.work().abortedCalls !== 1) process.exitCode = 9;
}

const programs: Record<string, () => Promise<unknown>> = {
  async "ends with an open idle context"() {
    const { context } = await open();
    await context.prefill(LONG.slice(0, 8), { grid: "position" });
  },
  async "process.exit() with work in flight"() {
    const { context } = await open();
    await startWork(context);
    process.once("exit", () => requireAborted(context));
    process.exit(0);
  },
  async "process.exit() with a generation in flight"() {
    const { context } = await open();
    await context.prefill(LONG.slice(0, 8), { grid: "position" });
    const generation = context.generate({ maxTokens: 900, ignoreEndOfGeneration: true });
    await generation.next();
    process.exit(0);
  },
  async "process.exit() while a model loads"() {
    const library = await loadLibrary();
    library.loadModel(requireTestModel(), { memoryMap: false }).catch(() => undefined);
    process.exit(0);
  },
  async "process.exit() while a context opens"() {
    const { model } = await open();
    model.createContext(OPTIONS).catch(() => undefined);
    process.exit(0);
  },
  async "work in flight is finished before the process ends"() {
    const { context } = await open();
    // Nobody waits for it: the pending call alone keeps the process alive.
    void context.prefill(LONG.slice(0, 130), { grid: "position" }).then(({ evaluatedTokens }) => {
      if (evaluatedTokens !== 130) process.exitCode = 9;
      process.stdout.write("finished");
    });
  },
  async "objects that nobody keeps are collected"() {
    const collectGarbage = globalThis.gc ?? (() => process.exit(8));
    await loadLibrary();
    const threadsBefore = countThreads();
    for (let i = 0; i < 5; i += 1) {
      const { context } = await open();
      await context.prefill(LONG.slice(0, 8), { grid: "position" });
    }
    for (let i = 0; i < 20; i += 1) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // A model's and a context's thread each; those of the last pair may still be in use.
    if (countThreads() > threadsBefore + 2) process.exit(9);
    const { context } = await open();
    await context.prefill(LONG.slice(0, 8), { grid: "position" });
  },
  async "a worker thread works beside the main thread"() {
    const { context } = await open();
    const own = context.prefill(LONG.slice(0, 30), { grid: "position" });
    const code = await runWorker("in a worker: a whole turn");
    await own;
    process.exit(code);
  },
  async "a worker thread is terminated with work in flight"() {
    const { context } = await open();
    const worker = startWorker("in a worker: work without end");
    await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
    const { residentTokens } = await context.prefill(LONG.slice(0, 8), { grid: "position" });
    process.exitCode = residentTokens === 8 ? 0 : 9;
  },
  async "the addon is used in a worker thread only"() {
    process.exitCode = (await runWorker("in a worker: a whole turn")) + (await runWorker("in a worker: a whole turn"));
  },
  async "process.exit() while a worker thread works"() {
    const worker = startWorker("in a worker: work without end");
    await new Promise((resolve) => worker.once("message", resolve));
    process.exit(0);
  },
  async "in a worker: a whole turn"() {
    const { context, model } = await open();
    await context.prefill(LONG.slice(0, 8), { grid: "position" });
    const events = await collect(context.generate({ maxTokens: 3, ignoreEndOfGeneration: true }));
    if (events.length !== 4) process.exit(9);
    await model.close();
  },
  async "in a worker: work without end"() {
    const { parentPort } = await import("node:worker_threads");
    const { context } = await open();
    await startWork(context);
    parentPort?.postMessage("working");
  },
};

/** Only Linux says; elsewhere the program merely has to survive. */
function countThreads(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/task").length : 0;
}

function startWorker(name: string): Worker {
  return new Worker(new URL(import.meta.url), { argv: [name] });
}

function runWorker(name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    startWorker(name).once("exit", resolve).once("error", reject);
  });
}

const program = programs[process.argv[2] ?? ""];
if (program === undefined) throw new Error(`There is no program ${process.argv[2]}.`);
await program();
