// Run by test/fuzz.test.ts: `node --expose-gc fuzz.ts <seed> <calls> <folder of tiny models>`. Silent when all is well.
import { readdirSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadAddon } from "../../../src/addon.ts";
import { type LlamaLibrary, loadLibrary } from "../../../src/index.ts";
import { createRandom } from "../../../src/tiny-model/index.ts";
import { collect } from "../../support/collect.ts";
import { type Call, makeNativeCall, watch } from "./native-calls.ts";
import { makePublicCall } from "./public-calls.ts";
import { createValues } from "./values.ts";
import { createWorld, keep } from "./world.ts";

const [seed, calls] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4];
if (seed === undefined || calls === undefined || folder === undefined)
  throw new TypeError("fuzz <seed> <calls> <folder>");

const MOST_PENDING = 40;
const MOST_GROWTH_BYTES = 600 * 1024 * 1024;
const HANG_MS = 120_000;
const trace = process.env["FUZZ_TRACE"] === "1";

const library = await loadLibrary();
const addon = loadAddon();
const reference = path.join(folder, "full.gguf");
const files = [
  ...readdirSync(folder).map((name) => path.join(folder, name)),
  path.join(folder, "missing.gguf"),
  folder,
];
const world = createWorld();
const values = createValues(createRandom(seed));

const before = await turn(library);
keep(world.flags, new addon.AbortFlag());
const memoryBefore = process.memoryUsage.rss();
const hang = setTimeout(() => fail("calls are pending for too long"), HANG_MS);
for (let i = 0; i < calls; i += 1) {
  if (values.chance(0.3)) keep(world.flags, new addon.AbortFlag());
  const make = values.chance(0.15)
    ? makePublicCall(library, files, world, values)
    : makeNativeCall(addon, files, world, values);
  if (trace) process.stderr.write(`${i} ${describe(make)}\n`);
  perform(make);
  if (values.chance(0.1)) await new Promise((resolve) => setImmediate(resolve));
  if (world.pending.size > MOST_PENDING) await Promise.race(world.pending);
  hang.refresh();
}
await Promise.all(
  [...world.contexts, ...world.publicContexts].map((context) => context.close().catch(() => undefined)),
);
await Promise.all([...world.models, ...world.publicModels].map((model) => model.close().catch(() => undefined)));
await Promise.all(world.pending);
clearTimeout(hang);

if (!isDeepStrictEqual(await turn(library), before)) fail("a turn differs from the same turn before");
globalThis.gc?.();
const growth = process.memoryUsage.rss() - memoryBefore;
if (growth > MOST_GROWTH_BYTES) fail(`memory grew by ${Math.round(growth / 2 ** 20)} MiB`);

/** Makes a call, sometimes on somebody who does not have it. Whatever it fails with has to be an error object. */
function perform({ name, target, args, onResult }: Call): void {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== "function") throw new TypeError(`There is no ${name}.`);
  const on: unknown = values.chance(0.02)
    ? values.choose<unknown>([{}, null, 1, ...world.flags, ...world.models])
    : target;
  let result: unknown;
  try {
    result = Reflect.apply(method, on, args);
  } catch (error) {
    requireError(name, error);
    return;
  }
  if (result instanceof Promise) {
    watch(
      world,
      result.then(onResult, (error: unknown) => requireError(name, error)),
    );
  } else onResult?.(result);
}

function requireError(name: string, error: unknown): void {
  if (!(error instanceof Error || error instanceof DOMException)) fail(`${name} failed with ${String(error)}`);
}

/** A whole turn on fresh objects, with all its numbers. */
async function turn(opened: LlamaLibrary): Promise<unknown> {
  await using model = await opened.loadModel(reference);
  await using context = await model.createContext({ contextTokens: 256, ubatchTokens: 32, threads: 1 });
  const tokens = await model.tokenize("The harbour was quiet, and the letter had not come. ".repeat(3), {
    addSpecial: false,
  });
  await context.prefill(tokens, { grid: "position" });
  const logits = await context.lastLogits();
  const events = await collect(context.generate({ maxTokens: 20, logProbabilities: true }));
  return { logits, events: events.map((event) => ({ ...event, at: undefined })) };
}

function describe({ name, target, args }: Call): string {
  const who = [...world.models, ...world.contexts, ...world.publicModels, ...world.publicContexts].indexOf(
    target as never,
  );
  return `${target.constructor.name}#${who}.${name}(${args.map(describeValue).join(", ")})`;
}

function describeValue(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength})`;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return `{${Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, { value: held }]) => `${key}: ${describeValue(held)}`)}}`;
  return typeof value === "object" ? Object.prototype.toString.call(value) : String(value).slice(0, 60);
}

function fail(message: string): void {
  process.stderr.write(`seed ${seed}: ${message}\n`);
  process.exit(9);
}
