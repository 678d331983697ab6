import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LlamaContext } from "../src/index.ts";
import { useModel } from "./support/use-model.ts";

const fixture = useModel();
let context: LlamaContext;
let prompt: Int32Array;

beforeAll(async () => {
  context = await fixture.openContext({ sequences: 3, contextTokens: 256 });
  prompt = await fixture.tokens(80);
});
beforeEach(() => context.clear());
afterAll(() => context.close());

async function answer(sequence: number): Promise<readonly unknown[]> {
  const tokens: unknown[] = [];
  const generation = context.generate({ maxTokens: 6, ignoreEndOfGeneration: true, logProbabilities: true, sequence });
  for await (const event of generation) if (event.type === "token") tokens.push([event.id, event.logProbability]);
  return tokens;
}

describe("a copied sequence", () => {
  test("answers as the original does, bit for bit, and goes on without it", async () => {
    await context.prefill(prompt, { grid: "position", sequence: 0 });
    await context.copy({ from: 0, to: 2 });
    expect([0, 1, 2].map((sequence) => context.residentTokens(sequence))).toEqual([80, 0, 80]);
    expect(await context.lastLogits({ sequence: 2 })).toEqual(await context.lastLogits({ sequence: 0 }));
    const first = await answer(0);
    await context.trim(10, { sequence: 0 });
    expect(await answer(2)).toEqual(first);
    expect(context.residentTokens(0)).toBe(10);
  });

  test("replaces what the other one held; of an empty sequence it is empty", async () => {
    await context.prefill(prompt, { grid: "position", sequence: 0 });
    await context.prefill(prompt.subarray(0, 9), { grid: "position", sequence: 1 });
    await context.copy({ from: 0, to: 1 });
    expect(context.residentTokens(1)).toBe(80);
    await context.copy({ from: 2, to: 1 });
    expect(context.residentTokens(1)).toBe(0);
    expect(await context.positionRange({ sequence: 1 })).toBeUndefined();
  });
});

test("keeping one sequence empties all others", async () => {
  for (const sequence of [0, 1, 2]) await context.prefill(prompt, { grid: "position", sequence });
  const before = await context.lastLogits({ sequence: 1 });
  await context.keep(1);
  expect([0, 1, 2].map((sequence) => context.residentTokens(sequence))).toEqual([0, 80, 0]);
  expect(await context.positionRange({ sequence: 0 })).toBeUndefined();
  expect(await context.lastLogits({ sequence: 1 })).toEqual(before);
});

describe("a shift", () => {
  test("takes tokens out of the middle and closes the gap", async () => {
    await context.prefill(prompt, { grid: "position" });
    await context.shift({ from: 16, count: 32 });
    expect(context.residentTokens()).toBe(48);
    expect(await context.positionRange()).toEqual({ minimum: 0, maximum: 47 });
    expect(await context.lastLogits()).toBeUndefined();
    await context.evaluate(prompt[0] ?? 0);
    expect(context.residentTokens()).toBe(49);
  });

  test("gives logits near those of the shorter text, and not equal to them", async () => {
    const shorter = Int32Array.of(...prompt.subarray(0, 16), ...prompt.subarray(48));
    const next = prompt[1] ?? 0;
    await context.prefill(shorter, { grid: "position", sequence: 1 });
    await context.evaluate(next, { sequence: 1 });
    await context.prefill(prompt, { grid: "position" });
    await context.shift({ from: 16, count: 32 });
    await context.evaluate(next);
    const [shifted, fresh] = [await context.lastLogits(), await context.lastLogits({ sequence: 1 })];
    const differences = Array.from(shifted ?? [], (logit, index) => Math.abs(logit - (fresh?.[index] ?? 0)));
    const scale = Math.max(...Array.from(fresh ?? [], Math.abs));
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
    expect(Math.max(...differences)).toBeGreaterThan(0);
    expect(mean).toBeLessThan(scale / 5);
  });

  test.each(["q8_0", "bf16"] as const)("of %s keys is refused, which would end the process", async (kvCacheTypeK) => {
    await using other = await fixture.openContext({ kvCacheTypeK, contextTokens: 256 });
    await other.prefill(prompt, { grid: "position" });
    await expect(other.shift({ from: 16, count: 32 })).rejects.toMatchObject({ code: "SHIFT_REFUSED" });
    expect(other.residentTokens()).toBe(80);
    await other.evaluate(prompt[0] ?? 0);
    expect(other.residentTokens()).toBe(81);
  });

  test("at the end is a trim", async () => {
    await context.prefill(prompt, { grid: "position" });
    await context.shift({ from: 64, count: 16 });
    expect(context.residentTokens()).toBe(64);
    expect((await context.saveState()).length).toBeGreaterThan(64 * 23_040);
  });

  test("of tokens that are not there is a RangeError and changes nothing", async () => {
    await context.prefill(prompt, { grid: "position" });
    await expect(context.shift({ from: 70, count: 11 })).rejects.toBeInstanceOf(RangeError);
    expect(context.residentTokens()).toBe(80);
  });

  test("leaves nothing to save or copy before something is evaluated", async () => {
    await context.prefill(prompt, { grid: "position" });
    await context.shift({ from: 16, count: 32 });
    await expect(context.saveState()).rejects.toMatchObject({ code: "STATE_UNSETTLED" });
    await expect(context.copy({ from: 0, to: 1 })).rejects.toMatchObject({ code: "STATE_UNSETTLED" });
    await context.evaluate(prompt[0] ?? 0);
    await expect(context.copy({ from: 0, to: 1 })).resolves.toBeUndefined();
  });
});
