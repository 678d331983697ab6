import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type LlamaContext, LlamaKvError, type LlamaModel } from "../src/index.ts";
import { createTinyModel } from "../src/tiny-model/index.ts";
import { collect } from "./support/collect.ts";
import { useTinyModels } from "./support/use-tiny-models.ts";

const models = useTinyModels();
const MEMORIES = ["full", "sliding_window", "recurrent", "hybrid"] as const;
const TEXT = "The harbour was quiet in the morning, and nobody had read the letter. ".repeat(4);

async function openContext(model: LlamaModel): Promise<LlamaContext> {
  return model.createContext({ contextTokens: 512, ubatchTokens: 32, threads: 1 });
}

/** Appends tokens and answers greedily. */
async function answer(context: LlamaContext, tokens: Int32Array): Promise<number[]> {
  await context.prefill(tokens, { grid: "position" });
  const events = await collect(context.generate({ maxTokens: 24 }));
  return events.flatMap((event) => (event.type === "token" ? [event.id] : []));
}

describe.each(MEMORIES)("a tiny model with %s memory", (memory) => {
  test("says so", async () => {
    await using model = await models.open({ memory, seed: 1, trainedContextTokens: 777 });
    expect(model.facts).toMatchObject({
      memory,
      vocabularyTokens: 512,
      trainedContextTokens: 777,
      slidingWindowTokens: memory === "sliding_window" ? 32 : 0,
      hasEncoder: false,
    });
  });

  test("answers differently after another text, and with other weights", async () => {
    await using model = await models.open({ memory, seed: 1 });
    await using context = await openContext(model);
    const tokens = await model.tokenize(TEXT, { addSpecial: false });
    const first = await answer(context, tokens);
    expect(first.length).toBe(24);
    await context.clear();
    expect(await answer(context, tokens)).toEqual(first);
    await context.clear();
    expect(await answer(context, tokens.slice(0, -1))).not.toEqual(first);
    await using other = await models.open({ memory, seed: 2 });
    await using otherContext = await openContext(other);
    expect(await answer(otherContext, tokens)).not.toEqual(first);
  });

  test("is the same file for the same seed, and small", () => {
    const bytes = createTinyModel({ memory, seed: 5 });
    expect(bytes).toEqual(createTinyModel({ memory, seed: 5 }));
    expect(bytes).not.toEqual(createTinyModel({ memory, seed: 6 }));
    expect(bytes.length).toBeLessThan(1_000_000);
  });
});

test("weights do not depend on the machine", () => {
  const digest = createHash("sha256")
    .update(createTinyModel({ memory: "full", seed: 1 }))
    .digest("hex");
  expect(digest).toMatchInlineSnapshot(`"e9d972a9e1d67629f647f8b0ee786f269d44a89f64dd73fddd0c3f80ead30957"`);
});

describe("its tokenizer gives back", () => {
  test.each([
    ["plain words", "The quick brown fox."],
    ["nothing", ""],
    ["white space of all kinds", "  two  \t\n\r\n \u2028 "],
    ["a NUL", "before\0after"],
    ["several scripts", "Grüße, мир, 世界, مرحبا"],
    ["characters outside the basic plane", "🦀👨‍👩‍👧 𝕏"],
    ["text that looks like a special token", "<|im_start|>user<|im_end|>"],
  ])("%s", async (_, text) => {
    await using model = await models.open({ memory: "full", seed: 1 });
    const tokens = await model.tokenize(text, { addSpecial: false });
    expect(model.detokenize(tokens)).toBe(text);
  });

  test("common words as one token each, special tokens when they are meant", async () => {
    await using model = await models.open({ memory: "full", seed: 1 });
    expect((await model.tokenize(" the value of it", { addSpecial: false })).length).toBe(4);
    expect([...(await model.tokenize("<|im_end|>", { addSpecial: false, parseSpecial: true }))]).toEqual([2]);
    expect(model.facts.eogTokens).toEqual([0, 2]);
  });
});

test("with full attention, warm equals cold bit for bit", async () => {
  await using model = await models.open({ memory: "full", seed: 3 });
  await using context = await openContext(model);
  const prefix = await model.tokenize(TEXT, { addSpecial: false });
  const suffix = await model.tokenize("What was in it?", { addSpecial: false });
  const turn = async (keep: number): Promise<unknown> => {
    await context.trim(keep);
    if (keep === 0) await context.prefill(prefix, { grid: "position" });
    await context.prefill(suffix, { grid: "call" });
    const logits = await context.lastLogits();
    return { logits, events: await collect(context.generate({ maxTokens: 24, logProbabilities: true })).then(answers) };
  };
  const cold = await turn(0);
  expect(await turn(prefix.length)).toEqual(cold);
  expect(await turn(prefix.length - 1)).not.toEqual(cold);
});

test.each(["recurrent", "hybrid"] as const)("%s memory can not be trimmed", async (memory) => {
  await using model = await models.open({ memory, seed: 1 });
  await using context = await openContext(model);
  await context.prefill(await model.tokenize(TEXT, { addSpecial: false }), { grid: "position" });
  const error: unknown = await context.trim(40).catch((reason: unknown) => reason);
  expect(LlamaKvError.is(error) && error.code).toBe("TRIM_REFUSED");
});

test("metadata can be added, replaced and left out", async () => {
  const chatTemplate = "{{ messages[0].content }}";
  await using model = await models.open({
    memory: "full",
    seed: 1,
    metadata: {
      "general.name": "renamed",
      "tokenizer.chat_template": chatTemplate,
      "general.file_type": undefined,
      "test.pattern": [true, false],
    },
  });
  expect(model.facts).toMatchObject({ name: "renamed", chatTemplate });
  expect(model.metadata()).not.toHaveProperty("general.file_type");
});

test("an embedding model loads", async () => {
  await using model = await models.open({ memory: "none", seed: 1 });
  expect(model.facts.architecture).toBe("bert");
});

function answers(events: readonly { readonly type: string }[]): unknown[] {
  return events.map((event) => ({ ...event, at: undefined }));
}
