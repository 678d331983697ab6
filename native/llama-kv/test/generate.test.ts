import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GeneratedToken, GenerateOptions, GenerationEvent, LlamaContext } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { useModel } from "./support/use-model.ts";

const CONTEXT_TOKENS = 256;

const fixture = useModel();
let context: LlamaContext;
let prompt: Int32Array;

beforeEach(async () => {
  context = await fixture.openContext({ contextTokens: CONTEXT_TOKENS });
  prompt = await fixture.model.tokenize("Water boils at a temperature of", { addSpecial: true });
  await context.prefill(prompt, { grid: "position" });
});
afterEach(() => context.close());

async function generate(options: Partial<GenerateOptions>): Promise<GenerationEvent[]> {
  return collect(context.generate({ maxTokens: 8, ignoreEndOfGeneration: true, ...options }));
}

async function again(options: Partial<GenerateOptions>): Promise<number[]> {
  await context.clear();
  await context.prefill(prompt, { grid: "position" });
  return ids(await generate(options));
}

function ids(events: readonly GenerationEvent[]): number[] {
  return events.filter((event) => event.type === "token").map(({ id }) => id);
}

describe("greedy generation", () => {
  test("gives the same tokens each time, the likeliest ones", async () => {
    const events = await generate({ logProbabilities: true });
    expect(events.at(-1)).toMatchObject({ type: "finish", reason: "length", outputTokens: 8 });
    for (const event of events.slice(0, -1) as GeneratedToken[]) {
      expect(event.margin).toBeGreaterThanOrEqual(0);
      expect(event.logProbability).toBeLessThanOrEqual(0);
    }
    expect(await again({ seed: 7, topK: 1 })).toEqual(ids(events));
  });

  test("scores tokens as the kept logits say", async () => {
    const logits = (await context.lastLogits()) ?? new Float32Array();
    const [first] = (await generate({ maxTokens: 1, logProbabilities: true })) as [GeneratedToken];
    const sorted = [...logits].sort((a, b) => b - a);
    const sum = sorted.reduce((total, logit) => total + Math.exp(logit - (sorted[0] ?? 0)), 0);
    expect(logits[first.id]).toBe(sorted[0]);
    expect(first.logProbability).toBeCloseTo(-Math.log(sum), 9);
    expect(first.margin).toBeCloseTo((sorted[0] ?? 0) - (sorted[1] ?? 0), 9);
  });

  test("leaves scores out unless asked", async () => {
    expect((await generate({ maxTokens: 1 }))[0]).toMatchObject({ logProbability: undefined, margin: undefined });
  });
});

test("sampling follows the seed", async () => {
  const options = { temperature: 1.5, topK: 0, topP: 1, maxTokens: 16 };
  const first = await again({ ...options, seed: 1 });
  expect(await again({ ...options, seed: 1 })).toEqual(first);
  expect(await again({ ...options, seed: 2 })).not.toEqual(first);
});

test("topK 1 makes sampling greedy", async () => {
  const greedy = await again({});
  expect(await again({ temperature: 5, topK: 1, seed: 3 })).toEqual(greedy);
});

describe("a generation finishes", () => {
  test("with stop at an end-of-generation token, which has no event and no cell", async () => {
    const eog = fixture.model.facts.eogTokens[0] ?? 0;
    await context.setLogits(spike(eog));
    const events = await generate({ ignoreEndOfGeneration: false });
    expect(events).toEqual([{ type: "finish", reason: "stop", outputTokens: 0, at: expect.any(BigInt) }]);
    expect(context.residentTokens()).toBe(prompt.length);
  });

  test("not there when that token is to be ignored", async () => {
    const eog = fixture.model.facts.eogTokens[0] ?? 0;
    await context.setLogits(spike(eog));
    const events = await generate({ maxTokens: 2 });
    expect(ids(events)[0]).toBe(eog);
    expect(events.at(-1)).toMatchObject({ reason: "length" });
  });

  test("with context_full when no cell is free, every token before it resident", async () => {
    await context.prefill(await fixture.tokens(CONTEXT_TOKENS - 3 - prompt.length), { grid: "call" });
    const events = await generate({ maxTokens: 10 });
    expect(events.at(-1)).toMatchObject({ reason: "context_full", outputTokens: 3 });
    expect(context.residentTokens()).toBe(CONTEXT_TOKENS);
    expect(await generate({})).toMatchObject([{ reason: "context_full", outputTokens: 0 }]);
  });

  test("with length, and continues after its pending token is evaluated as if it had not stopped", async () => {
    const whole = ids(await generate({ maxTokens: 8 }));
    const first = await again({ maxTokens: 3 });
    await context.evaluate(first.at(-1) ?? 0);
    const rest = ids(await generate({ maxTokens: 5 }));
    expect([...first, ...rest]).toEqual(whole);
  });
});

describe("a slow reader", () => {
  test("does not slow the engine", async () => {
    const generation = context.generate({ maxTokens: 24, ignoreEndOfGeneration: true });
    await generation.next();
    while (context.work().decodeCalls < 23) await setTimeout(5);
    const read = process.hrtime.bigint();
    const rest = await collect(generation);
    expect(rest.length).toBe(24);
    for (const event of rest) expect(event.at).toBeLessThan(read);
  });

  test("gets stamps that never go back", async () => {
    const stamps = (await generate({})).map(({ at }) => at);
    expect(stamps).toEqual(stamps.toSorted((a, b) => Number(a - b)));
    expect(stamps.at(-1)).toBeLessThan(process.hrtime.bigint());
  });
});

describe("stopping", () => {
  test("mid-way says what was generated and what is resident", async () => {
    const generation = context.generate({ maxTokens: 200, ignoreEndOfGeneration: true });
    await generation.next();
    const state = await generation.stop();
    expect(state.generatedTokens).toBeGreaterThanOrEqual(1);
    expect(state.generatedTokens).toBeLessThan(200);
    expect(state.generatedTokens - state.evaluatedTokens).toBeLessThanOrEqual(1);
    expect(context.residentTokens()).toBe(prompt.length + state.evaluatedTokens);
    expect(await generation.next()).toEqual({ done: true, value: undefined });
    expect(await generation.stop()).toEqual(state);
  });

  test("happens when a loop is left", async () => {
    const generation = context.generate({ maxTokens: 200, ignoreEndOfGeneration: true });
    for await (const event of generation) if (event.type === "token") break;
    const before = context.work().decodeCalls;
    await setTimeout(50);
    expect(context.work().decodeCalls).toBe(before);
    expect(before).toBeLessThan(199);
  });

  test("after the end changes nothing", async () => {
    const generation = context.generate({ maxTokens: 3, ignoreEndOfGeneration: true });
    expect((await collect(generation)).length).toBe(4);
    expect(await generation.stop()).toEqual({ generatedTokens: 3, evaluatedTokens: 2 });
  });
});

test("without logits there is nothing to generate from", async () => {
  await context.trim(prompt.length - 1);
  await expect(generate({})).rejects.toMatchObject({ code: "LOGITS_MISSING" });
  await context.clear();
  await expect(generate({})).rejects.toMatchObject({ code: "LOGITS_MISSING" });
});

/** Logits that make one token certain. */
function spike(token: number): Float32Array {
  const logits = new Float32Array(fixture.model.facts.vocabularyTokens).fill(-10);
  logits[token] = 10;
  return logits;
}
