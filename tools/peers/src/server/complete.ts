import { type IncomingMessage, request as openRequest } from "node:http";
import { text as readText } from "node:stream/consumers";
import { BenchreportError } from "@benchreport/contract";

export interface CompletionRequest {
  readonly prompt: readonly number[];
  readonly outputTokens: number;
  /** Whether the slot's cells may be reused. */
  readonly cachePrompt: boolean;
}

export interface Completion {
  readonly tokens: readonly number[];
  /** Prompt tokens that were not evaluated again. */
  readonly cachedTokens: number;
}

/** One greedy answer of llama-server (`POST /completion`, v0.5.0). */
export async function complete(url: string, request: CompletionRequest): Promise<Completion> {
  const response = await post(url, { ...convert(request), return_tokens: true });
  return parseCompletion(JSON.parse(await readText(response)));
}

/** Milliseconds from the request to the first token of a streamed answer, which is then read to its end. */
export async function timeFirstToken(url: string, request: CompletionRequest): Promise<number> {
  const begin = performance.now();
  const response = await post(url, { ...convert(request), stream: true, return_tokens: true });
  let firstMs: number | undefined;
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response) {
    text += decoder.decode(chunk as Buffer, { stream: true });
    // The first event carries the first token, or some of the bytes of its character.
    if (firstMs === undefined && text.includes("\n\n")) firstMs = performance.now() - begin;
  }
  if (firstMs === undefined || !text.startsWith("data: ")) throw unexpected(text.slice(0, 200));
  return firstMs;
}

/** Reads an answer that was not streamed. @throws `ENGINE_FAILED` where a field is missing. */
export function parseCompletion(body: unknown): Completion {
  const { tokens, timings } = (body ?? {}) as { readonly tokens?: unknown; readonly timings?: { cache_n?: unknown } };
  const cachedTokens = timings?.cache_n;
  if (!Array.isArray(tokens) || tokens.length === 0 || typeof cachedTokens !== "number") {
    throw unexpected(JSON.stringify(body).slice(0, 200));
  }
  return { tokens: tokens as number[], cachedTokens };
}

function convert({ prompt, outputTokens, cachePrompt }: CompletionRequest): Readonly<Record<string, unknown>> {
  return { prompt, n_predict: outputTokens, temperature: 0, cache_prompt: cachePrompt };
}

/** Each request has a connection of its own: the server closes idle ones when a client may be about to use them. */
async function post(url: string, body: unknown): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = openRequest(`${url}/completion`, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/json" },
    });
    request.once("response", resolve);
    request.once("error", reject);
    request.end(JSON.stringify(body));
  });
  if (response.statusCode !== 200)
    throw unexpected(`${response.statusCode} ${(await readText(response)).slice(0, 200)}`);
  return response;
}

function unexpected(answer: string): BenchreportError {
  return new BenchreportError("ENGINE_FAILED", {
    what: "llama-server answered something else than expected.",
    why: answer,
    fix: "Compare complete.ts with tools/server/README.md of the installed release.",
  });
}
