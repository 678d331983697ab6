import type { Backend } from "@benchreport/contract";
import { loadLibrary } from "@benchreport/llama-kv";
import type { ResolvedModel } from "@benchreport/models";
import { summariseMetric } from "@benchreport/runner";
import { createPrompts, type Prompt, type PromptSizes } from "../exactness/prompts.ts";
import { ANSWER_TOKENS } from "../exactness/take-turn.ts";
import type { Peers } from "../programs/build-peers.ts";
import { type EngineSettings, openEngine } from "../session/open-engine.ts";
import { createTurnInput } from "../session/turn-input.ts";
import { complete, timeFirstToken } from "./complete.ts";
import { LlamaServer } from "./llama-server.ts";

export interface ServerJob {
  readonly peers: Peers;
  readonly model: ResolvedModel & { readonly path: string };
  /** Our side's. */
  readonly settings: EngineSettings;
  readonly sizes: PromptSizes;
  readonly onProgress: (line: string) => void;
}

export interface ServerRow {
  /** `undefined`: the server's default. */
  readonly ubatchTokens: number | undefined;
  readonly prompts: number;
  /** Prompts whose cached answer has other tokens than their uncached one. */
  readonly changed: number;
  /** Fewest tokens that a cached request reused, and most that an uncached one did. */
  readonly leastCached: number;
  readonly mostUncached: number;
  readonly firstTokenMs: FirstToken;
}

export interface FirstToken {
  readonly samples: readonly number[];
  readonly median: number;
}

export interface ServerResult {
  readonly rows: readonly ServerRow[];
  /** Our side's. */
  readonly settings: EngineSettings;
  readonly ours: {
    /** The whole prompt as prefix: nothing is evaluated, as in the server all but one token. */
    readonly wholePromptMs: FirstToken;
    /** The prefix is reused, the suffix evaluated again. */
    readonly suffixAgainMs: FirstToken;
  };
}

/** Asks llama-server the exactness table's prompts, uncached and cached, and takes our times on the same prompts. */
export async function measureServer(job: ServerJob): Promise<ServerResult> {
  await using engine = await openEngine(job.model, job.settings);
  const prompts = await readPrompts(job, engine);
  const rows: ServerRow[] = [];
  for (const ubatchTokens of [undefined, COMPARED_UBATCH_TOKENS]) {
    job.onProgress(`server: ubatch ${ubatchTokens ?? "default"}, ${prompts.length} prompts`);
    rows.push(await askServer(job, engine, prompts, ubatchTokens));
  }
  job.onProgress("server: our times");
  return { rows, settings: job.settings, ours: await timeOurs(engine, prompts) };
}

const COMPARED_UBATCH_TOKENS = 128;

async function readPrompts({ model, sizes }: ServerJob, engine: Backend): Promise<readonly Prompt[]> {
  await using native = await (await loadLibrary()).loadModel(model.path);
  return await createPrompts(engine, native, sizes);
}

async function askServer(
  { peers, model, settings }: ServerJob,
  engine: Backend,
  prompts: readonly Prompt[],
  ubatchTokens: number | undefined,
): Promise<ServerRow> {
  const { threads } = settings;
  await using server = await LlamaServer.start({ program: peers.server, modelPath: model.path, threads, ubatchTokens });
  let changed = 0;
  const cachedTokens: number[] = [];
  const uncachedTokens: number[] = [];
  const firstTokenMs: number[] = [];
  for (const { prefix, suffix } of prompts) {
    const prompt = [
      ...(await engine.tokenize(prefix, { start: true })),
      ...(await engine.tokenize(suffix, { start: false })),
    ];
    const request = { prompt, outputTokens: ANSWER_TOKENS };
    const uncached = await complete(server.url, { ...request, cachePrompt: false });
    const cached = await complete(server.url, { ...request, cachePrompt: true });
    if (uncached.tokens.join() !== cached.tokens.join()) changed++;
    uncachedTokens.push(uncached.cachedTokens);
    cachedTokens.push(cached.cachedTokens);
    firstTokenMs.push(await timeFirstToken(server.url, { ...request, cachePrompt: true }));
  }
  return {
    ubatchTokens,
    prompts: prompts.length,
    changed,
    leastCached: Math.min(...cachedTokens),
    mostUncached: Math.max(...uncachedTokens),
    firstTokenMs: summarise(firstTokenMs),
  };
}

async function timeOurs(engine: Backend, prompts: readonly Prompt[]): Promise<ServerResult["ours"]> {
  const wholePromptMs: number[] = [];
  const suffixAgainMs: number[] = [];
  for (const { prefix, suffix } of prompts) {
    wholePromptMs.push(await timeOnce(engine, prefix + suffix, ""));
    suffixAgainMs.push(await timeOnce(engine, prefix, suffix));
  }
  return { wholePromptMs: summarise(wholePromptMs), suffixAgainMs: summarise(suffixAgainMs) };
}

/** Takes a turn, then times the same turn again up to its first token. */
async function timeOnce(engine: Backend, prefixText: string, suffixText: string): Promise<number> {
  const { prefix, suffix } = createTurnInput(engine, prefixText, suffixText);
  const promptTokens = (await engine.tokenize(prefixText + suffixText, { start: true })).length;
  await using session = await engine.openSession({ contextTokens: promptTokens + BORDER_TOKENS + ANSWER_TOKENS });
  const takeFirst = async (): Promise<void> => {
    await session.ensurePrefix(prefix);
    if (suffixText !== "") await session.prefillSuffix(suffix);
    const answer = session.decode({ maxTokens: ANSWER_TOKENS, ignoreEndOfGeneration: true });
    await answer.next();
    firstMs = performance.now() - begin;
    await answer.return?.();
  };
  let begin = performance.now();
  let firstMs = 0;
  await takeFirst();
  begin = performance.now();
  await takeFirst();
  return firstMs;
}

/** By how many tokens two texts may be longer apart than together. */
const BORDER_TOKENS = 8;

function summarise(samples: readonly number[]): FirstToken {
  return { samples, median: summariseMetric(samples)?.median ?? Number.NaN };
}
