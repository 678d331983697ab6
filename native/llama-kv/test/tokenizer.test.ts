import { describe, expect, test } from "vitest";
import { useModel } from "./support/use-model.ts";

const fixture = useModel();

async function tokenize(text: string, parseSpecial = false): Promise<Int32Array> {
  return fixture.model.tokenize(text, { addSpecial: false, parseSpecial });
}

describe("tokenizing", () => {
  test.each([
    ["plain words", "The quick brown fox."],
    ["nothing", ""],
    ["a NUL in the middle", "before\0after"],
    ["leading and trailing space", "  two  "],
    ["several scripts", "Grüße, мир, 世界, مرحبا"],
    ["characters outside the basic plane", "🦀👨‍👩‍👧 𝕏"],
    ["line ends of all kinds", "a\r\nb\nc\rd\u2028e"],
    ["text that looks like a special token", "<|im_start|>user<|im_end|>"],
  ])("%s comes back unchanged", async (_, text) => {
    expect(fixture.model.detokenize(await tokenize(text))).toBe(text);
  });

  test("nothing gives no token", async () => {
    expect((await tokenize("")).length).toBe(0);
  });

  test("text that looks like a special token is text, unless asked for", async () => {
    const [special] = await tokenize("<|im_start|>", true);
    expect((await tokenize("<|im_start|>", true)).length).toBe(1);
    expect([...(await tokenize("<|im_start|>"))]).not.toContain(special);
  });

  test("a long text gives one token list", async () => {
    const tokens = await tokenize("word ".repeat(50_000));
    expect(tokens.length).toBeGreaterThanOrEqual(50_000);
    expect(fixture.model.detokenize(tokens)).toBe("word ".repeat(50_000));
  });

  test.each(["\ud800", "a\udc00b", "\ud83e "])("a lone surrogate in %j is a TypeError", async (text) => {
    await expect(tokenize(text)).rejects.toThrow(TypeError);
  });
});

test("pieces of a text's tokens are its bytes", async () => {
  const text = "Crab 🦀 and umlaut ü";
  const pieces = [...(await tokenize(text))].map((token) => fixture.model.piece(token));
  expect(Buffer.concat(pieces).toString()).toBe(text);
});

test("special tokens are rendered only when asked", () => {
  const eog = fixture.model.facts.eogTokens[0] ?? 0;
  expect(fixture.model.piece(eog).length).toBe(0);
  expect(Buffer.from(fixture.model.piece(eog, { renderSpecial: true })).toString()).toBe("<|endoftext|>");
  expect(fixture.model.detokenize(Int32Array.of(eog), { renderSpecial: true })).toBe("<|endoftext|>");
});

test("the model's facts are those of its file", () => {
  expect(fixture.model.facts).toMatchObject({
    architecture: "llama",
    quantization: "Q4_1",
    vocabularyTokens: 49152,
    trainedContextTokens: 8192,
    layers: 30,
    embeddingSize: 576,
    heads: 9,
    kvHeads: 3,
    memory: "full",
    slidingWindowTokens: 0,
    hasEncoder: false,
    hasDecoder: true,
    eogTokens: [0, 2, 4],
  });
  expect(fixture.model.metadata()).toMatchObject({ "general.architecture": "llama", "llama.block_count": "30" });
});
