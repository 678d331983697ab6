import { expect, test } from "vitest";
import { collect } from "../test/support/collect.ts";
import type { NativeAbortFlag, NativeGenerateResult, NativeOnToken } from "./addon.ts";
import { Generation, type GenerationEvent } from "./generation.ts";

const LENGTH: NativeGenerateResult = { reason: "length", at: 9n, generatedTokens: 2, evaluatedTokens: 1 };

/** A generation over a scripted engine: gives out the pieces, then ends as told. */
function generate(pieces: readonly number[][], end: () => Promise<NativeGenerateResult>): Generation {
  return new Generation(undefined, async (_abort: NativeAbortFlag, onToken: NativeOnToken) => {
    for (const [id, bytes] of pieces.entries()) onToken(id, Uint8Array.from(bytes), BigInt(id), undefined, undefined);
    return end();
  });
}

async function texts(pieces: readonly number[][]): Promise<string[]> {
  const events: GenerationEvent[] = await collect(generate(pieces, async () => LENGTH));
  return events.filter((event) => event.type === "token").map(({ text }) => text);
}

test("a character that spans tokens comes with the token that completes it", async () => {
  expect(await texts([[0x61, 0xf0, 0x9f], [0xa6], [0x80, 0x62]])).toEqual(["a", "", "🦀b"]);
});

test("a byte order mark is text", async () => {
  expect(await texts([[0xef, 0xbb, 0xbf]])).toEqual(["\ufeff"]);
});

test("the finish event comes last and once", async () => {
  const generation = generate([[0x61], [0x62]], async () => LENGTH);
  const events = await collect(generation);
  expect(events.map(({ type }) => type)).toEqual(["token", "token", "finish"]);
  expect(events[2]).toEqual({ type: "finish", reason: "length", outputTokens: 2, at: 9n });
  expect(await generation.next()).toEqual({ done: true, value: undefined });
});

test("a failure comes behind the tokens before it, and from stop()", async () => {
  const generation = generate([[0x61]], () => Promise.reject(new Error("broken")));
  expect((await generation.next()).value).toMatchObject({ type: "token" });
  await expect(generation.next()).rejects.toThrow("broken");
  await expect(generation.stop()).rejects.toThrow("broken");
});

test("a reader that waits is woken by stop()", async () => {
  let end: (result: NativeGenerateResult) => void = () => undefined;
  const ended = new Promise<NativeGenerateResult>((resolve) => {
    end = resolve;
  });
  const generation = generate([], () => ended);
  const waiting = generation.next();
  const stopped = generation.stop();
  end({ reason: "aborted", at: 1n, generatedTokens: 0, evaluatedTokens: 0 });
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await stopped).toEqual({ generatedTokens: 0, evaluatedTokens: 0 });
});

test("several readers may wait at once, and each gets its own event", async () => {
  const generation = generate([[0x61], [0x62]], async () => LENGTH);
  const results = await Promise.all([generation.next(), generation.next(), generation.next(), generation.next()]);
  expect(results.map(({ value }) => value?.type)).toEqual(["token", "token", "finish", undefined]);
});
