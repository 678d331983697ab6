import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LlamaContext } from "../src/index.ts";
import { useModel } from "./support/use-model.ts";

// Warm must equal cold bit for bit, at the chunk size of real use: the prefix ends inside a chunk of 128.

const PREFIX_TOKENS = 200;
const SUFFIX_TOKENS = 40;
const OUTPUT_TOKENS = 12;

const fixture = useModel();
let context: LlamaContext;

beforeAll(async () => {
  context = await fixture.openContext({ ubatchTokens: 128 });
});
afterAll(() => context.close());

interface Answer {
  readonly prefixLogits: Float32Array | undefined;
  readonly suffixLogits: Float32Array | undefined;
  readonly tokens: readonly (readonly [id: number, logProbability: number | undefined, margin: number | undefined])[];
}

/** One turn: keep `keepTokens`, prefill the rest of the prefix by the grid, then the suffix, then decode. */
async function turn(prefix: Int32Array, suffix: Int32Array, keepTokens: number): Promise<Answer> {
  await context.trim(keepTokens);
  await context.prefill(prefix.slice(keepTokens), { grid: "position" });
  const prefixLogits = await context.lastLogits();
  await context.prefill(suffix, { grid: "call" });
  const suffixLogits = await context.lastLogits();
  return { prefixLogits, suffixLogits, tokens: await decode() };
}

async function decode(): Promise<Answer["tokens"]> {
  const tokens: [number, number | undefined, number | undefined][] = [];
  const generation = context.generate({
    maxTokens: OUTPUT_TOKENS,
    logProbabilities: true,
    ignoreEndOfGeneration: true,
  });
  for await (const event of generation) {
    if (event.type === "token") tokens.push([event.id, event.logProbability, event.margin]);
  }
  return tokens;
}

async function cold(prefix: Int32Array, suffix: Int32Array): Promise<Answer> {
  await context.clear();
  return turn(prefix, suffix, 0);
}

describe("warm equals cold", () => {
  test("when the whole prefix is kept, its partial last chunk included", async () => {
    const prefix = await fixture.tokens(PREFIX_TOKENS);
    const suffix = await fixture.tokens(SUFFIX_TOKENS, 1);
    const first = await cold(prefix, suffix);
    expect(first.tokens.length).toBe(OUTPUT_TOKENS);
    const warm = await turn(prefix, suffix, PREFIX_TOKENS);
    expect(warm.suffixLogits).toEqual(first.suffixLogits);
    expect(warm.tokens).toEqual(first.tokens);
    // The comparison can fail: another suffix gives other logits.
    const other = await turn(prefix, await fixture.tokens(SUFFIX_TOKENS, 2), PREFIX_TOKENS);
    expect(other.suffixLogits).not.toEqual(first.suffixLogits);
  });

  test("after an edit in the middle, when whole chunks before it are kept", async () => {
    const prefix = await fixture.tokens(PREFIX_TOKENS);
    const suffix = await fixture.tokens(SUFFIX_TOKENS, 1);
    const edited = prefix.slice();
    edited[150] = (edited[150] ?? 0) + 1;
    await cold(prefix, suffix);
    const warm = await turn(edited, suffix, 128);
    const reference = await cold(edited, suffix);
    expect(warm).toEqual(reference);
  });

  test("without a suffix, when the prefix's logits are put back", async () => {
    const prefix = await fixture.tokens(PREFIX_TOKENS);
    await context.clear();
    await context.prefill(prefix, { grid: "position" });
    const kept = await context.lastLogits();
    const first = await decode();
    await context.trim(PREFIX_TOKENS);
    expect(await context.lastLogits()).toBeUndefined();
    await context.setLogits(kept ?? new Float32Array());
    expect(await decode()).toEqual(first);
  });
});
