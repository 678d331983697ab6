import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { complete, parseCompletion, timeFirstToken } from "./complete.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A server that answers every request alike and keeps what it was asked. */
async function answerWith(parts: readonly string[], status = 200): Promise<{ url: string; asked: () => unknown }> {
  let asked = "";
  server = createServer(async (request, response) => {
    for await (const chunk of request) asked += String(chunk);
    response.writeHead(status);
    for (const part of parts) {
      response.write(part);
      await new Promise(setImmediate);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { readonly port: number };
  return { url: `http://127.0.0.1:${address.port}`, asked: () => JSON.parse(asked) };
}

const request = { prompt: [1, 2, 3], outputTokens: 32, cachePrompt: false };

test("an answer's tokens and reuse are read, and it was asked for greedily", async () => {
  const { url, asked } = await answerWith([JSON.stringify({ tokens: [7, 8], timings: { cache_n: 2 } })]);
  expect(await complete(url, request)).toEqual({ tokens: [7, 8], cachedTokens: 2 });
  expect(asked()).toEqual({
    prompt: [1, 2, 3],
    n_predict: 32,
    temperature: 0,
    cache_prompt: false,
    return_tokens: true,
  });
});

test("the first event of a stream is waited for, however it is cut", async () => {
  const { url } = await answerWith(["da", 'ta: {"content":"a"}', "\n\n", "data: {}\n\n"]);
  expect(await timeFirstToken(url, request)).toBeGreaterThan(0);
});

test("a refusal is an error that shows it", async () => {
  const { url } = await answerWith(["no such model"], 500);
  await expect(complete(url, request)).rejects.toMatchObject({ why: "500 no such model" });
  await expect(timeFirstToken(url, request)).rejects.toMatchObject({ code: "ENGINE_FAILED" });
});

test.each([null, {}, { tokens: [] }, { tokens: [1] }, { tokens: [], timings: { cache_n: 1 } }])(
  "%j is no answer",
  (body) => {
    expect(() => parseCompletion(body)).toThrow(expect.objectContaining({ code: "ENGINE_FAILED" }));
  },
);
