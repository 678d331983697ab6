import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LlamaContext } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { useModel, useTestingAddon } from "./support/use-model.ts";

/** Added to an answer: the engine evaluates the batch first (native/addon/testing.cc). */
const AFTER_DECODING = 1000;

const fixture = useModel();
const testing = useTestingAddon();
let context: LlamaContext;

beforeEach(async () => {
  context = await fixture.openContext({ sequences: 2 });
  testing().answerNext([]);
  testing().takeCalls();
});
afterEach(() => context.close());

describe("what the engine is given", () => {
  test("chunks of a position grid end at multiples of the ubatch, whatever was resident", async () => {
    expect(await context.prefill(await fixture.tokens(70), { grid: "position" })).toEqual({
      evaluatedTokens: 70,
      calls: 3,
      residentTokens: 70,
    });
    await context.prefill(await fixture.tokens(60), { grid: "position" });
    expect(shapes()).toEqual(["0+32", "32+32", "64+6 logits", "70+26", "96+32", "128+2 logits"]);
  });

  test("chunks of a call grid are counted from the call's first token", async () => {
    await context.prefill(await fixture.tokens(10), { grid: "position" });
    testing().takeCalls();
    expect(await context.prefill(await fixture.tokens(70), { grid: "call" })).toEqual({
      evaluatedTokens: 70,
      calls: 3,
      residentTokens: 80,
    });
    expect(shapes()).toEqual(["10+32", "42+32", "74+6 logits"]);
  });

  test("a whole number of chunks asks for logits in the last one only", async () => {
    await context.prefill(await fixture.tokens(64), { grid: "position" });
    expect(shapes()).toEqual(["0+32", "32+32 logits"]);
  });

  test("no tokens are no engine call", async () => {
    const result = await context.prefill(new Int32Array(0), { grid: "position" });
    expect(result).toEqual({ evaluatedTokens: 0, calls: 0, residentTokens: 0 });
    expect(shapes()).toEqual([]);
  });

  test("each sequence is counted and evaluated by itself", async () => {
    await context.prefill(await fixture.tokens(40), { grid: "position", sequence: 1 });
    await context.prefill(await fixture.tokens(5), { grid: "position" });
    expect(
      testing()
        .takeCalls()
        .map(({ sequence, firstPosition, tokens }) => [sequence, firstPosition, tokens]),
    ).toEqual([
      [1, 0, 32],
      [1, 32, 8],
      [0, 0, 5],
    ]);
    expect([context.residentTokens(0), context.residentTokens(1)]).toEqual([5, 40]);
  });

  test("generated tokens are evaluated one by one, the last one not at all", async () => {
    await context.prefill(await fixture.tokens(8), { grid: "position" });
    testing().takeCalls();
    const generation = context.generate({ maxTokens: 5, ignoreEndOfGeneration: true });
    expect((await collect(generation)).length).toBe(6);
    expect(shapes()).toEqual(["8+1 logits", "9+1 logits", "10+1 logits", "11+1 logits"]);
    expect(await generation.stop()).toEqual({ generatedTokens: 5, evaluatedTokens: 4 });
    expect(context.residentTokens()).toBe(12);
  });

  test("the counters equal what the engine was given", async () => {
    await context.prefill(await fixture.tokens(70), { grid: "position" });
    await context.prefill(await fixture.tokens(33), { grid: "call" });
    await context.evaluate(5);
    await context.generate({ maxTokens: 3, ignoreEndOfGeneration: true }).stop();
    await context.trim(40);
    const calls = testing().takeCalls();
    const prefill = calls.slice(0, 5);
    const completed = calls.filter(({ code }) => code === 0);
    const work = context.work();
    expect(work.prefillCalls).toBe(prefill.length);
    expect(work.prefillTokens).toBe(prefill.reduce((sum, call) => sum + call.tokens, 0));
    expect(work.decodeCalls).toBe(completed.length - prefill.length);
    expect(work.abortedCalls).toBe(calls.length - completed.length);
    expect(work.nativeNanoseconds).toBeGreaterThan(1e6);
  });
});

describe("what the engine answers", () => {
  test.each([
    ["no free cells", 1],
    ["an abort that nobody asked for", 2],
    ["an invalid batch", -1],
  ])("%s fails the call and leaves the context usable", async (_, code) => {
    await context.prefill(await fixture.tokens(40), { grid: "position" });
    const before = await context.lastLogits();
    testing().answerNext([code]);
    await expect(context.prefill(await fixture.tokens(10), { grid: "call" })).rejects.toMatchObject({
      code: "DECODE_FAILED",
      meta: { code },
    });
    expect(context.residentTokens()).toBe(40);
    expect(await context.lastLogits()).toEqual(before);
    expect((await context.prefill(await fixture.tokens(10), { grid: "call" })).residentTokens).toBe(50);
  });

  test("an abort that leaves cells of the unfinished chunk behind is cleaned up", async () => {
    await context.prefill(await fixture.tokens(40), { grid: "position" });
    testing().answerNext([AFTER_DECODING + 2]);
    await expect(context.prefill(await fixture.tokens(10), { grid: "call" })).rejects.toMatchObject({
      code: "DECODE_FAILED",
    });
    expect(context.work().abortedCalls).toBe(1);
    expect(context.residentTokens()).toBe(40);
    expect(await context.positionRange()).toEqual({ minimum: 0, maximum: 39 });
  });

  test("a failure in a later chunk keeps the chunks before it", async () => {
    testing().answerNext([0, 1]);
    await expect(context.prefill(await fixture.tokens(90), { grid: "position" })).rejects.toMatchObject({
      code: "DECODE_FAILED",
    });
    expect(context.residentTokens()).toBe(32);
    expect(await context.positionRange()).toEqual({ minimum: 0, maximum: 31 });
    expect(await context.lastLogits()).toBeUndefined();
  });

  test("a fatal answer breaks the context, which can still be closed", async () => {
    testing().answerNext([-3]);
    await expect(context.prefill(await fixture.tokens(4), { grid: "call" })).rejects.toMatchObject({
      code: "DECODE_FAILED",
      meta: { code: -3 },
    });
    await expect(context.prefill(await fixture.tokens(4), { grid: "call" })).rejects.toMatchObject({
      code: "CONTEXT_BROKEN",
    });
    await expect(context.clear()).rejects.toMatchObject({ code: "CONTEXT_BROKEN" });
    await context.close();
  });

  test("a failure while generating reaches the reader behind the tokens before it", async () => {
    await context.prefill(await fixture.tokens(8), { grid: "position" });
    testing().answerNext([0, 1]);
    const generation = context.generate({ maxTokens: 9, ignoreEndOfGeneration: true });
    expect((await generation.next()).value).toMatchObject({ type: "token" });
    expect((await generation.next()).value).toMatchObject({ type: "token" });
    await expect(generation.next()).rejects.toMatchObject({ code: "DECODE_FAILED" });
    expect(context.residentTokens()).toBe(9);
  });
});

function shapes(): string[] {
  return testing()
    .takeCalls()
    .map((call) => {
      expect(call.logits).toBe(call.lastLogits ? 1 : 0);
      return `${call.firstPosition}+${call.tokens}${call.lastLogits ? " logits" : ""}`;
    });
}
