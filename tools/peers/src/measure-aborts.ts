import { setTimeout } from "node:timers/promises";
import type { Backend, Session } from "@benchreport/contract";
import type { ResolvedModel } from "@benchreport/models";
import { type SeededRandom, seededRandom, summariseMetric } from "@benchreport/runner";
import { countWith } from "./session/count-tokens.ts";
import { type EngineSettings, openEngine } from "./session/open-engine.ts";
import { createTurnInput } from "./session/turn-input.ts";
import { fillText } from "./text/fill-text.ts";
import { naturalPieces } from "./text/natural-text.ts";

export interface AbortJob {
  readonly model: ResolvedModel;
  readonly settings: readonly EngineSettings[];
  /** Aborts of each phase. */
  readonly aborts: number;
  readonly promptTokens: number;
  readonly onProgress: (line: string) => void;
}

/** Milliseconds from `abort()` to the rejection of the call. */
export interface AbortLatency {
  readonly settings: EngineSettings;
  readonly phase: "prefill" | "decode";
  readonly samples: readonly number[];
  readonly p50: number;
  /** `null` for fewer than 20 samples. */
  readonly p95: number | null;
  readonly largest: number;
}

/** Aborts prefills and decodes at random moments of their work. */
export async function measureAborts(job: AbortJob): Promise<AbortLatency[]> {
  const latencies: AbortLatency[] = [];
  for (const settings of job.settings) {
    await using engine = await openEngine(job.model, settings);
    await using session = await engine.openSession({ contextTokens: job.promptTokens + DECODE_TOKENS });
    const random = seededRandom(1);
    const pieces = naturalPieces(random, 2 * job.promptTokens);
    const prompt = await fillText(pieces, job.promptTokens, countWith(engine, { start: true }));
    for (const [phase, abortOnce] of [
      ["prefill", abortPrefill],
      ["decode", abortDecode],
    ] as const) {
      job.onProgress(`abort: ${job.aborts} in ${phase}, ubatch ${settings.ubatchTokens}`);
      const subject = {
        engine,
        session,
        prompt,
        random,
        promptTokens: job.promptTokens,
        ubatchTokens: settings.ubatchTokens,
      };
      const samples = await collect(job.aborts, () => abortOnce(subject));
      latencies.push({ settings, phase, samples, ...describe(samples) });
    }
  }
  return latencies;
}

interface Subject {
  readonly engine: Backend;
  readonly session: Session;
  readonly prompt: string;
  readonly random: SeededRandom;
  readonly promptTokens: number;
  readonly ubatchTokens: number;
}

/** Tokens of an answer that is aborted, and the largest number that it is left to deliver before. */
const DECODE_TOKENS = 128;
const MOST_TOKENS_BEFORE = 24;

/** Calls that ended before they could be aborted do not count. */
async function collect(count: number, sample: () => Promise<number | undefined>): Promise<number[]> {
  const samples: number[] = [];
  while (samples.length < count) {
    const latency = await sample();
    if (latency !== undefined) samples.push(latency);
  }
  return samples;
}

async function abortPrefill({ engine, session, prompt, random, ...sizes }: Subject): Promise<number | undefined> {
  const { promptTokens, ubatchTokens } = sizes;
  const { prefix } = createTurnInput(engine, prompt, "");
  await session.ensurePrefix(createTurnInput(engine, "", "").prefix);
  const controller = new AbortController();
  const started = session.explainContext().work.prefillCalls ?? 0;
  const call = session.ensurePrefix(prefix, { signal: controller.signal });
  const ended = call.then(
    () => performance.now(),
    () => performance.now(),
  );
  // Some chunks are left to finish, then the abort falls anywhere inside the next one.
  const chunks = random.below(Math.min(3, Math.ceil(promptTokens / ubatchTokens)));
  while ((session.explainContext().work.prefillCalls ?? 0) < started + chunks) await setTimeout(1);
  await setTimeout(1 + random.below(MOST_WAIT_MS));
  return await abortAndWait(controller, call, ended);
}

/** Waits from 1 ms to this before an abort in a chunk, and to this in a token: less than either takes. */
const MOST_WAIT_MS = 60;
const MOST_WAIT_IN_TOKEN_MS = 6;

async function abortDecode({ engine, session, prompt, random }: Subject): Promise<number | undefined> {
  await session.ensurePrefix(createTurnInput(engine, prompt, "").prefix);
  const controller = new AbortController();
  const events = session.decode(
    { maxTokens: DECODE_TOKENS, ignoreEndOfGeneration: true },
    { signal: controller.signal },
  );
  const before = 1 + random.below(MOST_TOKENS_BEFORE);
  for (let tokens = 0; tokens < before; tokens++) await events.next();
  const call = events.next();
  const ended = call.then(
    () => undefined,
    () => performance.now(),
  );
  await setTimeout(random.below(MOST_WAIT_IN_TOKEN_MS));
  const begin = performance.now();
  controller.abort(ABORTED);
  const end = await ended;
  // The token that was just being delivered came through: the next call is the one that is rejected.
  if (end !== undefined) return end - begin;
  try {
    await events.next();
    return undefined;
  } catch (error) {
    if (error !== ABORTED) throw error;
    return performance.now() - begin;
  }
}

const ABORTED = new Error("aborted on purpose");

async function abortAndWait(
  controller: AbortController,
  call: Promise<unknown>,
  ended: Promise<number>,
): Promise<number | undefined> {
  const begin = performance.now();
  controller.abort(ABORTED);
  const end = await ended;
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome !== undefined && outcome !== ABORTED) throw outcome;
  return outcome === ABORTED ? end - begin : undefined;
}

function describe(samples: readonly number[]): Pick<AbortLatency, "p50" | "p95" | "largest"> {
  const summary = summariseMetric(samples);
  if (summary === undefined) throw new RangeError("measureAborts: at least one abort is needed");
  return { p50: summary.median, p95: summary.p95, largest: summary.max };
}
