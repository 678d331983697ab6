import { type Backend, type Snapshot, sha256 } from "@benchreport/contract";
import type { ResolvedModel } from "@benchreport/models";
import { seededRandom, summariseMetric } from "@benchreport/runner";
import { countWith } from "./session/count-tokens.ts";
import { type EngineSettings, openEngine } from "./session/open-engine.ts";
import { createTurnInput } from "./session/turn-input.ts";
import { fillText } from "./text/fill-text.ts";
import { naturalPieces } from "./text/natural-text.ts";

export interface SnapshotJob {
  readonly model: ResolvedModel;
  readonly settings: EngineSettings;
  readonly tokens: number;
  readonly prefills: number;
  readonly restores: number;
  readonly onProgress: (line: string) => void;
}

export interface SnapshotResult {
  readonly settings: EngineSettings;
  readonly tokens: number;
  readonly bytes: number;
  readonly prefillMs: Samples;
  readonly saveMs: Samples;
  readonly restoreMs: Samples;
  /** One SHA-256 over the bytes, which a restore cannot do without. */
  readonly digestMs: Samples;
  /** How many times faster a restore is than the prefill. */
  readonly restoreRatio: number;
}

export interface Samples {
  readonly samples: readonly number[];
  readonly median: number;
}

/** Saves and restores a prefix, beside prefilling it; `undefined` where the engine takes no snapshots. */
export async function measureSnapshots(job: SnapshotJob): Promise<SnapshotResult | undefined> {
  await using engine = await openEngine(job.model, job.settings);
  if (!engine.capabilities.snapshot) return undefined;
  const pieces = naturalPieces(seededRandom(1), 2 * job.tokens);
  const text = await fillText(pieces, job.tokens, countWith(engine, { start: true }));
  const { prefix } = createTurnInput(engine, text, "");

  job.onProgress(`snapshot: ${job.prefills} prefills of ${job.tokens} tokens`);
  const prefillMs: number[] = [];
  for (let count = 0; count < job.prefills; count++) {
    await using cold = await engine.openSession({ contextTokens: job.tokens });
    prefillMs.push(await time(() => cold.ensurePrefix(prefix)));
  }

  await using session = await engine.openSession({ contextTokens: job.tokens });
  await session.ensurePrefix(prefix);
  job.onProgress(`snapshot: ${job.restores} saves and restores`);
  let snapshot = await session.snapshot();
  const saveMs = await repeat(job.restores, () =>
    time(async () => {
      snapshot = await session.snapshot();
    }),
  );
  const digestMs = await repeat(job.restores, () => time(async () => sha256(snapshot.bytes)));
  const restoreMs = await repeat(job.restores, () => restoreOnce(engine, snapshot, prefix));
  const [prefill, restore] = [summarise(prefillMs), summarise(restoreMs)];
  return {
    settings: job.settings,
    tokens: job.tokens,
    bytes: snapshot.bytes.length,
    prefillMs: prefill,
    saveMs: summarise(saveMs),
    restoreMs: restore,
    digestMs: summarise(digestMs),
    restoreRatio: prefill.median / restore.median,
  };
}

/** Into a fresh session, and checked: a restore after which everything is computed again saves nothing. */
async function restoreOnce(
  engine: Backend,
  snapshot: Snapshot,
  prefix: Parameters<Awaited<ReturnType<Backend["openSession"]>>["ensurePrefix"]>[0],
): Promise<number> {
  await using session = await engine.openSession({ contextTokens: snapshot.residentTokens });
  const milliseconds = await time(() => session.restore(snapshot));
  const { prefilledTokens } = await session.ensurePrefix(prefix);
  if (prefilledTokens !== 0) throw new RangeError(`a restored session evaluated ${prefilledTokens} tokens again`);
  return milliseconds;
}

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let count = 0; count < times; count++) samples.push(await measure());
  return samples;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function summarise(samples: readonly number[]): Samples {
  return { samples, median: summariseMetric(samples)?.median ?? Number.NaN };
}
