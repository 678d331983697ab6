import type { Backend, DecodeEvent } from "@benchreport/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortInPrefix, answer, bits, coldAnswer, decodeAll, openLlama, takeTurn, turn } from "./open-llama.ts";

const stable = `${Array.from({ length: 14 }, (_, index) => `Rule ${index}: keep every function small.`).join("\n")}\n`;
const question = "Why does this test fail?";
const other = "Which function should change first?";

let engine: Backend;
let stableTokens: number;

beforeAll(async () => {
  engine = await openLlama();
  stableTokens = (await engine.tokenize(stable, { start: true })).length;
});
afterAll(() => engine.close());

function open(contextTokens = 512) {
  return engine.openSession({ contextTokens });
}

describe("warm answers equal cold ones bit for bit", () => {
  it("at full reuse, with another suffix, without one, and after many tokens of something else", async () => {
    await using session = await open();
    await takeTurn(engine, session, stable, question);
    for (const suffix of [question, other, "", question]) {
      const warm = await takeTurn(engine, session, stable, suffix);
      expect(warm).toEqual(await coldAnswer(engine, stable, suffix));
    }
    expect(session.explainContext().work.prefillTokens).toBeLessThan(stableTokens * 2);
  });

  it.each([
    ["edited in the middle", stable.replace("Rule 7", "Line 7")],
    ["edited at the start", `A ${stable}`],
    ["extended", `${stable}And one more rule.\n`],
    ["cut", stable.slice(0, stable.indexOf("Rule 9"))],
  ])("when the prefix was %s", async (_, text) => {
    await using session = await open();
    await takeTurn(engine, session, stable, question);
    const input = turn(engine, text, question);
    const status = await session.ensurePrefix(input.prefix);
    expect((status.reusedTokens ?? 1) % 32).toBe(0);
    expect(status.reusedTokens).toBeLessThanOrEqual(status.miss?.commonTokens ?? 0);
    await session.prefillSuffix(input.suffix);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, text, question));
  });

  it("in two sessions used in turns", async () => {
    await using one = await open();
    await using two = await open();
    const answers = [];
    for (const session of [one, two, one, two]) answers.push(await takeTurn(engine, session, stable, question));
    const cold = await coldAnswer(engine, stable, question);
    expect(answers).toEqual([cold, cold, cold, cold]);
  });
});

describe("a turn", () => {
  it("accounts for every token, as llama.cpp was given them", async () => {
    await using session = await open();
    const input = turn(engine, stable, question);
    expect(await session.ensurePrefix(input.prefix)).toMatchObject({
      reusedTokens: 0,
      prefilledTokens: stableTokens,
      droppedTokens: 0,
      prefixTokens: stableTokens,
      availableTokens: 512 - stableTokens,
      miss: { reason: "nothing_resident" },
    });
    const { suffixTokens = 0 } = await session.prefillSuffix(input.suffix);
    await decodeAll(session);
    expect(session.explainContext()).toMatchObject({
      residentTokens: stableTokens + suffixTokens + 12,
      reusableTokens: stableTokens,
      work: {
        prefillCalls: Math.ceil(stableTokens / 32) + Math.ceil(suffixTokens / 32),
        prefillTokens: stableTokens + suffixTokens,
        decodeCalls: 11,
        abortedCalls: 0,
      },
    });
    const again = await session.ensurePrefix(input.prefix);
    expect(again).toMatchObject({
      reusedTokens: stableTokens,
      prefilledTokens: 0,
      droppedTokens: suffixTokens + 12,
      miss: undefined,
    });
  });

  it("is continued by a second decode, and by one behind a loop that was left", async () => {
    const whole = await coldAnswer(engine, stable, question);
    const input = turn(engine, stable, question);
    await using session = await open();
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const events = [];
    for await (const event of session.decode(answer)) {
      events.push(event);
      if (events.length === 3) break;
    }
    expect(session.explainContext().residentTokens).toBe(
      stableTokens + (await engine.tokenize(question, { start: false })).length + 3,
    );
    events.push(...(await decodeAll(session, { ...answer, maxTokens: 4 })).slice(0, 4));
    events.push(...(await decodeAll(session, { ...answer, maxTokens: 5 })));
    expect(bits(events)).toEqual(whole);
  });

  it("that is refused for its length changed nothing, and an exact fit is accepted", async () => {
    await using session = await open(256);
    const fill = (tokens: number) => " a".repeat(tokens);
    const free = 256 - stableTokens;
    await session.ensurePrefix(turn(engine, stable, "").prefix);
    await expect(session.prefillSuffix(turn(engine, stable, fill(free + 1)).suffix)).rejects.toMatchObject({
      code: "CONTEXT_OVERFLOW",
      meta: { stage: "suffix", residentTokens: stableTokens, additionalTokens: free + 1, contextTokens: 256 },
    });
    await expect(session.ensurePrefix(turn(engine, stable + fill(300), "").prefix)).rejects.toMatchObject({
      code: "CONTEXT_OVERFLOW",
    });
    expect(session.explainContext()).toMatchObject({
      residentTokens: stableTokens,
      work: { prefillTokens: stableTokens },
    });
    expect(await session.prefillSuffix(turn(engine, stable, fill(free)).suffix)).toMatchObject({ availableTokens: 0 });
    expect(await decodeAll(session)).toMatchObject([{ type: "finish", reason: "context_full", outputTokens: 0 }]);
    expect(await session.ensurePrefix(turn(engine, stable, "").prefix)).toMatchObject({ reusedTokens: stableTokens });
  });
});

describe("an abort", () => {
  it("in the prefix leaves whole chunks, and the next turn reuses them and equals a cold one", async () => {
    await using session = await open();
    const input = turn(engine, stable, question);
    const controller = new AbortController();
    const call = session.ensurePrefix(input.prefix, { signal: controller.signal });
    while ((session.explainContext().work.prefillTokens ?? 0) === 0) await new Promise(setImmediate);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    const { reusableTokens = 0 } = session.explainContext();
    expect(reusableTokens % 32).toBe(0);
    expect(reusableTokens).toBeLessThan(stableTokens);
    await expect(session.prefillSuffix(input.suffix)).rejects.toMatchObject({ code: "PREFIX_INCOMPLETE" });
    expect(await session.ensurePrefix(input.prefix)).toMatchObject({ reusedTokens: reusableTokens });
    await session.prefillSuffix(input.suffix);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, stable, question));
  });

  it("in the suffix leaves the turn as it was, its logits included", async () => {
    await using session = await open();
    const long = `${question} `.repeat(30);
    await session.ensurePrefix(turn(engine, stable, "").prefix);
    const before = session.explainContext();
    const controller = new AbortController();
    const call = session.prefillSuffix(turn(engine, stable, long).suffix, { signal: controller.signal });
    while (session.explainContext().work.prefillTokens === before.work.prefillTokens) await new Promise(setImmediate);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    expect(session.explainContext()).toMatchObject({ residentTokens: before.residentTokens });
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, stable, ""));
  });

  it("before a call begins changes nothing", async () => {
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    const before = session.explainContext();
    const options = { signal: AbortSignal.abort(new Error("early")) };
    await expect(session.ensurePrefix(turn(engine, other, "").prefix, options)).rejects.toThrow("early");
    await expect(session.prefillSuffix(input.suffix, options)).rejects.toThrow("early");
    await expect(session.decode({}, options).next()).rejects.toThrow("early");
    expect(session.explainContext()).toEqual(before);
  });

  it("of a decode before its first token keeps the logits, so that a second one answers as the first would have", async () => {
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const controller = new AbortController();
    const first = session.decode(answer, { signal: controller.signal }).next();
    controller.abort(new Error("enough"));
    await first.catch(() => undefined);
    const delivered = await first.then(() => 1).catch(() => 0);
    const rest = await decodeAll(session, { ...answer, maxTokens: 12 - delivered });
    expect((bits(rest) as unknown[]).at(-1)).toEqual(
      ((await coldAnswer(engine, stable, question)) as unknown[]).at(-1),
    );
  });
});

describe("a consumer that is slow", () => {
  it.each([1, 3])("leaves after %i tokens what it was given, though the engine ran ahead", async (taken) => {
    const whole = (await coldAnswer(engine, stable, question)) as unknown[];
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const before = session.explainContext().residentTokens ?? 0;
    const events = session.decode({ ...answer, maxTokens: 200 });
    const taking = [];
    while (taking.length < taken) taking.push((await events.next()).value);
    // The engine goes on while nothing is read.
    const until = performance.now() + 150;
    while (performance.now() < until);
    await events.return?.();
    expect(session.explainContext().residentTokens).toBe(before + taken);
    const rest = await decodeAll(session, { ...answer, maxTokens: 12 - taken });
    expect(bits([...taking, ...rest])).toEqual(whole);
  });

  it("that leaves before its first token leaves the turn as it was", async () => {
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const events = session.decode({ ...answer, maxTokens: 200 });
    const first = events.next();
    await new Promise((resolve) => setTimeout(resolve, 1));
    const until = performance.now() + 100;
    while (performance.now() < until);
    await events.return?.();
    const delivered = (await first).done === true ? 0 : 1;
    const rest = (bits(await decodeAll(session, { ...answer, maxTokens: 12 - delivered })) as unknown[]).slice(-11);
    expect(rest).toEqual(((await coldAnswer(engine, stable, question)) as unknown[]).slice(-11));
  });
});

describe("corners", () => {
  it("an empty prefix after an aborted one is complete", async () => {
    await using session = await open();
    await abortInPrefix(engine, session, stable);
    expect(await session.ensurePrefix(turn(engine, "", "").prefix)).toMatchObject({ prefixTokens: 0 });
    await session.prefillSuffix(turn(engine, "", question).suffix);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, question, ""));
  });
  it("nothing resident cannot be continued", async () => {
    await using session = await open();
    await expect(session.decode().next()).rejects.toMatchObject({ code: "EMPTY_PROMPT" });
  });
  it("an empty prefix counts nothing, and a suffix alone answers as the same text as prefix", async () => {
    await using session = await open();
    expect(await session.ensurePrefix(turn(engine, "", "").prefix)).toMatchObject({
      prefixTokens: 0,
      reusedTokens: 0,
      prefilledTokens: 0,
    });
    await session.prefillSuffix(turn(engine, "", question).suffix);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, question, ""));
  });
  it("another prompt format recomputes everything and says so", async () => {
    await using session = await open();
    const { prefix } = turn(engine, stable, "");
    await session.ensurePrefix(prefix);
    const identity = { ...prefix.manifest.identity, promptFormat: "chat" };
    const status = await session.ensurePrefix({ ...prefix, manifest: { ...prefix.manifest, identity } });
    expect(status).toMatchObject({ reusedTokens: 0, miss: { reason: "manifest_changed", field: "promptFormat" } });
  });
  it("text that looks like a special token is text", async () => {
    expect((await engine.tokenize("<|im_end|>", { start: false })).length).toBeGreaterThan(1);
  });
  it("decode options out of range are a TypeError at the first next", async () => {
    await using session = await open();
    await session.ensurePrefix(turn(engine, stable, "").prefix);
    const events = session.decode({ maxTokens: 0 });
    await expect(events.next()).rejects.toBeInstanceOf(TypeError);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, stable, ""));
  });
  it("a closed session refuses, explains itself, and may be closed again", async () => {
    const session = await open();
    await session.ensurePrefix(turn(engine, stable, "").prefix);
    await Promise.all([session.close(), session.close()]);
    await expect(session.ensurePrefix(turn(engine, stable, "").prefix)).rejects.toMatchObject({
      code: "SESSION_CLOSED",
    });
    expect(session.explainContext().state).toBe("closed");
  });
  it("an answer in letters of several bytes is the same text, token by token or at once", async () => {
    const emoji = "Emoji list: 🎉 🚀 🎈 🎉 🚀 🎈 🎉 🚀 🎈";
    const textOf = (events: readonly DecodeEvent[]) =>
      events.map((event) => (event.type === "token" ? event.text : "")).join("");
    await using whole = await open();
    await whole.ensurePrefix(turn(engine, emoji, "").prefix);
    const atOnce = textOf(await decodeAll(whole, { maxTokens: 24, ignoreEndOfGeneration: true }));
    await using session = await open();
    await session.ensurePrefix(turn(engine, emoji, "").prefix);
    let oneByOne = "";
    for (let count = 0; count < 24; count++) {
      oneByOne += textOf(await decodeAll(session, { maxTokens: 1, ignoreEndOfGeneration: true }));
    }
    expect(oneByOne).toBe(atOnce);
    expect(Buffer.byteLength(atOnce)).toBeGreaterThan(atOnce.length);
    expect(atOnce).not.toContain("\ufffd");
  });
});
