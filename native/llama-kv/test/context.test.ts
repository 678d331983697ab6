import { describe, expect, test } from "vitest";
import type { ContextOptions } from "../src/index.ts";
import { useModel } from "./support/use-model.ts";

const fixture = useModel();

describe("a context's effective options", () => {
  test("are what the engine made of the wish", async () => {
    await using context = await fixture.openContext({ contextTokens: 300, ubatchTokens: 64, prefillThreads: 2 });
    expect(context.effective).toEqual({
      contextTokens: 512,
      batchTokens: 64,
      ubatchTokens: 64,
      sequences: 1,
      threads: 1,
      prefillThreads: 2,
      flashAttention: true,
      kvCacheTypeK: "f16",
      kvCacheTypeV: "f16",
      kvBytesPerToken: 30 * 3 * 64 * 2 * 2,
    });
  });

  test("count the context per sequence", async () => {
    await using context = await fixture.openContext({ contextTokens: 256, sequences: 3 });
    expect(context.effective).toMatchObject({ contextTokens: 256, sequences: 3 });
    expect((await context.prefill(await fixture.tokens(256), { grid: "position", sequence: 2 })).residentTokens).toBe(
      256,
    );
  });

  test.each<[Partial<ContextOptions>, object]>([
    [{ flashAttention: false }, { flashAttention: false }],
    [
      { kvCacheTypeK: "q8_0", kvCacheTypeV: "q8_0" },
      { flashAttention: true, kvCacheTypeV: "q8_0", kvBytesPerToken: 30 * 2 * 204 },
    ],
    [
      { kvCacheTypeK: "f32", kvCacheTypeV: "f32" },
      { kvCacheTypeK: "f32", kvBytesPerToken: 46_080 },
    ],
  ])("of %j are %j", async (wish, effective) => {
    await using context = await fixture.openContext({ contextTokens: 256, ...wish });
    expect(context.effective).toMatchObject(effective);
    expect((await context.prefill(await fixture.tokens(5), { grid: "position" })).calls).toBe(1);
  });

  test("a wish that the engine refuses fails with its words", async () => {
    const context = fixture.openContext({ flashAttention: false, kvCacheTypeV: "q8_0" });
    await expect(context).rejects.toMatchObject({ code: "CONTEXT_FAILED", why: expect.stringContaining("flash_attn") });
  });
});

describe("room", () => {
  test("exactly full is accepted, one more is refused before anything changed", async () => {
    await using context = await fixture.openContext({ contextTokens: 256 });
    await context.prefill(await fixture.tokens(250), { grid: "position" });
    const work = context.work();
    await expect(context.prefill(await fixture.tokens(7), { grid: "call" })).rejects.toMatchObject({
      code: "CONTEXT_OVERFLOW",
      meta: { residentTokens: 250, additionalTokens: 7, contextTokens: 256 },
    });
    expect(context.work()).toEqual({ ...work, nativeNanoseconds: expect.any(Number) });
    expect(await context.lastLogits()).toBeDefined();
    expect((await context.prefill(await fixture.tokens(6), { grid: "call" })).residentTokens).toBe(256);
    await expect(context.evaluate(1)).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
  });
});

describe("trimming", () => {
  test("keeps logits only when nothing is dropped", async () => {
    await using context = await fixture.openContext();
    await context.prefill(await fixture.tokens(50), { grid: "position" });
    await context.trim(50);
    expect(await context.lastLogits()).toBeDefined();
    await context.trim(20);
    expect(await context.lastLogits()).toBeUndefined();
    expect(context.residentTokens()).toBe(20);
    expect(await context.positionRange()).toEqual({ minimum: 0, maximum: 19 });
    await context.trim(0);
    expect(await context.positionRange()).toBeUndefined();
  });

  test("one sequence leaves the others", async () => {
    await using context = await fixture.openContext({ sequences: 2 });
    await context.prefill(await fixture.tokens(9), { grid: "position" });
    await context.prefill(await fixture.tokens(9), { grid: "position", sequence: 1 });
    await context.trim(4, { sequence: 1 });
    expect([context.residentTokens(0), context.residentTokens(1)]).toEqual([9, 4]);
    expect(await context.lastLogits()).toBeDefined();
    await context.clear();
    expect([context.residentTokens(0), context.residentTokens(1)]).toEqual([0, 0]);
    expect(await context.lastLogits()).toBeUndefined();
  });
});

test("logits are copies in both directions", async () => {
  await using context = await fixture.openContext();
  await context.prefill(await fixture.tokens(5), { grid: "position" });
  const logits = (await context.lastLogits()) ?? new Float32Array();
  const original = logits.slice();
  logits.fill(0);
  expect(await context.lastLogits()).toEqual(original);
  await context.setLogits(logits);
  logits.fill(1);
  expect(await context.lastLogits()).toEqual(new Float32Array(49152));
});

test("calls run in the order in which they were made, and tokens are read when the call is made", async () => {
  await using context = await fixture.openContext();
  const tokens = await fixture.tokens(40);
  const first = context.prefill(tokens, { grid: "position" });
  const trimmed = context.trim(8);
  tokens.fill(0);
  const second = context.prefill(await fixture.tokens(4), { grid: "call" });
  expect([(await first).residentTokens, await trimmed, (await second).residentTokens]).toEqual([40, undefined, 12]);
});

test("two contexts of one model do not disturb one another", async () => {
  await using one = await fixture.openContext();
  await using two = await fixture.openContext();
  const tokens = await fixture.tokens(60);
  await Promise.all([
    one.prefill(tokens, { grid: "position" }),
    two.prefill(tokens.toReversed(), { grid: "position" }),
  ]);
  await two.clear();
  await two.prefill(tokens, { grid: "position" });
  expect(await two.lastLogits()).toEqual(await one.lastLogits());
});
