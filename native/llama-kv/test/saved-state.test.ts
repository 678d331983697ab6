import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LlamaContext } from "../src/index.ts";
import { useModel } from "./support/use-model.ts";

const fixture = useModel();
let context: LlamaContext;
let prompt: Int32Array;
let state: Uint8Array;
let logits: Float32Array;
let answer: readonly unknown[];

beforeAll(async () => {
  context = await fixture.openContext();
  prompt = await fixture.tokens(200);
  await context.prefill(prompt, { grid: "position" });
  state = await context.saveState();
  logits = (await context.lastLogits()) ?? new Float32Array();
  answer = await decode(context);
});
afterAll(() => context.close());

async function decode(from: LlamaContext): Promise<readonly unknown[]> {
  const tokens: unknown[] = [];
  const generation = from.generate({ maxTokens: 8, ignoreEndOfGeneration: true, logProbabilities: true });
  for await (const event of generation) if (event.type === "token") tokens.push([event.id, event.logProbability]);
  return tokens;
}

describe("a saved state", () => {
  test("goes on in another context as it would have in its own, bit for bit", async () => {
    await using other = await fixture.openContext();
    expect(await other.loadState(state)).toBe(200);
    expect(other.residentTokens()).toBe(200);
    expect(await other.positionRange()).toEqual({ minimum: 0, maximum: 199 });
    expect(await other.lastLogits()).toBeUndefined();
    await other.setLogits(logits);
    expect(await decode(other)).toEqual(answer);
  });

  test("can be trimmed and prefilled behind as if it had been prefilled here", async () => {
    await using other = await fixture.openContext();
    await using cold = await fixture.openContext();
    await other.loadState(state);
    await other.trim(96);
    for (const one of [other, cold]) await one.prefill(prompt.subarray(one.residentTokens()), { grid: "position" });
    expect(await other.lastLogits()).toEqual(await cold.lastLogits());
  });

  test("replaces what was resident, also where that was longer", async () => {
    await using other = await fixture.openContext();
    await other.prefill(await fixture.tokens(300, 1), { grid: "position" });
    await other.loadState(state);
    await other.setLogits(logits);
    expect(await decode(other)).toEqual(answer);
  });

  test("of nothing is nothing", async () => {
    await using other = await fixture.openContext();
    const empty = await other.saveState();
    expect(await context.loadState(state)).toBe(200);
    expect(await context.loadState(empty)).toBe(0);
    expect(await context.positionRange()).toBeUndefined();
  });
});

describe("bytes are refused", () => {
  test("that are not what was saved, and change nothing", async () => {
    await using other = await fixture.openContext();
    await other.prefill(prompt.subarray(0, 40), { grid: "position" });
    const changed = state.slice();
    changed.set([(changed.at(changed.length >> 1) ?? 0) ^ 1], changed.length >> 1);
    for (const bytes of [new Uint8Array(), new Uint8Array(500), state.subarray(0, -1), state.subarray(1), changed]) {
      await expect(other.loadState(bytes)).rejects.toMatchObject({ code: "STATE_INVALID" });
    }
    expect(other.residentTokens()).toBe(40);
  });

  test("of other options, and leave the sequence empty and usable", async () => {
    await using other = await fixture.openContext({ kvCacheTypeK: "q8_0" });
    await other.prefill(prompt.subarray(0, 40), { grid: "position" });
    await expect(other.loadState(state)).rejects.toMatchObject({ code: "STATE_INVALID", why: expect.any(String) });
    expect(other.residentTokens()).toBe(0);
    expect(await other.positionRange()).toBeUndefined();
    expect((await other.prefill(prompt.subarray(0, 40), { grid: "position" })).residentTokens).toBe(40);
  });

  test("of more tokens than the context has cells", async () => {
    await using large = await fixture.openContext();
    await large.prefill(await fixture.tokens(300), { grid: "position" });
    const bytes = await large.saveState();
    await using small = await fixture.openContext({ contextTokens: 256 });
    await expect(small.loadState(bytes)).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
  });

  test("that another thread could change meanwhile, or that are no bytes", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(state.length));
    shared.set(state);
    await expect(context.loadState(shared)).rejects.toBeInstanceOf(TypeError);
    await expect(context.loadState([] as never)).rejects.toBeInstanceOf(TypeError);
  });
});

test("loading waits its turn behind work in flight, and is refused once the context closes", async () => {
  const other = await fixture.openContext();
  const order: string[] = [];
  const prefill = other.prefill(prompt, { grid: "position" }).then(() => order.push("prefill"));
  const load = other.loadState(state).then(() => order.push("load"));
  const trim = other.trim(150).then(() => order.push("trim"));
  await Promise.all([prefill, load, trim]);
  expect(order).toEqual(["prefill", "load", "trim"]);
  expect(other.residentTokens()).toBe(150);
  const late = other.loadState(state);
  const outcome = expect(late).rejects.toMatchObject({ code: "CLOSED" });
  await other.close();
  await outcome;
});

test("bytes that are taken away while the call waits are refused", async () => {
  const bytes = state.slice();
  const load = context.loadState(bytes);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  await expect(load).rejects.toMatchObject({ code: "STATE_INVALID" });
});
