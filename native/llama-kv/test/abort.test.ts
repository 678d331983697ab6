import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LlamaContext } from "../src/index.ts";
import { useModel } from "./support/use-model.ts";

const CHUNK_TOKENS = 32;

const fixture = useModel();
let context: LlamaContext;

beforeEach(async () => {
  context = await fixture.openContext();
});
afterEach(() => context.close());

/** Starts a call and aborts it once the engine has finished some of its chunks. */
async function abortAfterCalls(
  finishedCalls: number,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const controller = new AbortController();
  const before = context.work().prefillCalls;
  const outcome = call(controller.signal).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  while (context.work().prefillCalls < before + finishedCalls) await setImmediate();
  controller.abort("enough");
  return outcome;
}

describe("an aborted prefill", () => {
  test("rejects with the reason and leaves whole chunks", async () => {
    const tokens = await fixture.tokens(400);
    const outcome = await abortAfterCalls(2, (signal) => context.prefill(tokens, { grid: "position", signal }));
    expect(outcome).toEqual({ error: "enough" });
    const resident = context.residentTokens();
    expect(resident).toBeGreaterThanOrEqual(2 * CHUNK_TOKENS);
    expect(resident).toBeLessThan(400);
    expect(resident % CHUNK_TOKENS).toBe(0);
    expect(await context.positionRange()).toEqual({ minimum: 0, maximum: resident - 1 });
    expect(await context.lastLogits()).toBeUndefined();
    expect(context.work().prefillTokens).toBe(resident);
  });

  test("leaves a context whose next answer equals a fresh one's", async () => {
    const tokens = await fixture.tokens(150);
    await abortAfterCalls(2, (signal) => context.prefill(tokens, { grid: "position", signal }));
    await context.prefill(tokens.slice(context.residentTokens()), { grid: "position" });
    const continued = await context.lastLogits();
    await context.clear();
    await context.prefill(tokens, { grid: "position" });
    expect(continued).toEqual(await context.lastLogits());
  });

  test("leaves what was resident before it, and its logits, when no chunk had finished", async () => {
    await context.prefill(await fixture.tokens(40), { grid: "position" });
    const before = await context.lastLogits();
    const controller = new AbortController();
    const prefill = context.prefill(await fixture.tokens(32), { grid: "call", signal: controller.signal });
    controller.abort(new Error("at once"));
    await expect(prefill).rejects.toThrow("at once");
    expect(context.residentTokens()).toBe(40);
    expect(await context.positionRange()).toEqual({ minimum: 0, maximum: 39 });
    expect(await context.lastLogits()).toEqual(before);
  });
});

describe("a call aborted before it began", () => {
  test("changes nothing and does not reach the engine", async () => {
    await context.prefill(await fixture.tokens(40), { grid: "position" });
    const work = context.work();
    const signal = AbortSignal.abort("early");
    await expect(context.prefill(await fixture.tokens(9), { grid: "call", signal })).rejects.toBe("early");
    await expect(context.evaluate(3, { signal })).rejects.toBe("early");
    const generation = context.generate({ maxTokens: 4, signal });
    await expect(generation.next()).rejects.toBe("early");
    expect(await generation.stop()).toEqual({ generatedTokens: 0, evaluatedTokens: 0 });
    expect(context.work()).toEqual(work);
    expect(context.residentTokens()).toBe(40);
  });

  test("while it waits behind another one, changes nothing either", async () => {
    const controller = new AbortController();
    const first = context.prefill(await fixture.tokens(64), { grid: "position" });
    const second = context.prefill(await fixture.tokens(64), { grid: "call", signal: controller.signal });
    controller.abort("meanwhile");
    await expect(second).rejects.toBe("meanwhile");
    await first;
    expect(context.residentTokens()).toBe(64);
    expect(await context.lastLogits()).toBeDefined();
  });
});

test("an aborted generation rejects with the reason and can be trimmed to what was read", async () => {
  await context.prefill(await fixture.tokens(40), { grid: "position" });
  const controller = new AbortController();
  const generation = context.generate({ maxTokens: 400, ignoreEndOfGeneration: true, signal: controller.signal });
  const read = [await generation.next(), await generation.next()];
  controller.abort("stop it");
  await expect(generation.next()).rejects.toBe("stop it");
  expect(await generation.next()).toEqual({ done: true, value: undefined });
  const state = await generation.stop();
  expect(state.generatedTokens).toBeGreaterThanOrEqual(read.length);
  expect(state.generatedTokens).toBeLessThan(400);
  expect(context.residentTokens()).toBe(40 + state.evaluatedTokens);
  await context.trim(40 + 1);
  expect(context.residentTokens()).toBe(41);
});

test("an abort keeps the engine's complaints about it from the log", async () => {
  const { loadLibrary } = await import("../src/index.ts");
  const problems: string[] = [];
  await loadLibrary({ onLog: ({ level, text }) => void (level === "error" && problems.push(text)) });
  const tokens = await fixture.tokens(400);
  await abortAfterCalls(1, (signal) => context.prefill(tokens, { grid: "position", signal }));
  expect(context.work().abortedCalls).toBeLessThanOrEqual(1);
  await setImmediate();
  expect(problems).toEqual([]);
});
