import { cpus } from "node:os";
import type { ResolvedModel } from "@benchreport/models";
import { promisedSettings, smokeSettings, unpromisedSettings } from "./exactness/exactness-settings.ts";
import { measureExactness } from "./exactness/measure-exactness.ts";
import { fullPromptSizes, smokePromptSizes } from "./exactness/prompts.ts";
import { measureAborts } from "./measure-aborts.ts";
import { measureOverhead } from "./measure-overhead.ts";
import { measureSnapshots } from "./measure-snapshots.ts";
import type { PeersOptions } from "./options.ts";
import type { PartName, PeersResult } from "./peers-result.ts";
import type { Peers } from "./programs/build-peers.ts";
import { judgeRequirements } from "./requirements.ts";
import { measureServer } from "./server/measure-server.ts";
import type { EngineSettings } from "./session/open-engine.ts";
import { measureSpeed } from "./speed/measure-speed.ts";
import { fullSizes, smokeSizes } from "./speed/speed-tests.ts";

export interface PartsJob {
  readonly options: PeersOptions;
  readonly peers: Peers;
  readonly model: ResolvedModel & { readonly path: string };
  readonly threads: number;
  readonly onProgress: (line: string) => void;
  /** Called after each part, so that what was measured outlives what fails later. */
  readonly onPart: (result: PeersResult) => Promise<void>;
}

/** Runs the wished parts one after the other and judges them. */
export async function runParts(job: PartsJob): Promise<PeersResult> {
  const result = describeRun(job);
  for (const part of job.options.only) {
    await runPart[part](job, result);
    result.requirements = judgeRequirements(result);
    await job.onPart(result);
  }
  return result;
}

/** What is a quick look in a smoke run, and a measurement otherwise. */
const sizes = {
  abort: { smoke: { aborts: 3, promptTokens: 300 }, full: { aborts: 60, promptTokens: 1000 } },
  snapshot: {
    smoke: { tokens: 100, prefills: 1, restores: 2 },
    full: { tokens: 1000, prefills: 5, restores: 30 },
  },
  overhead: {
    smoke: { turns: 2, prefixTokens: 100, suffixTokens: 8, answerTokens: 4 },
    full: { turns: 20, prefixTokens: 700, suffixTokens: 32, answerTokens: 32 },
  },
} as const;

const runPart: Readonly<Record<PartName, (job: PartsJob, result: PeersResult) => Promise<void>>> = {
  async speed(job, result) {
    const { smoke, rounds, allSettings } = job.options;
    const settings = [usual(job), { ...usual(job), ubatchTokens: 512 }];
    const others: readonly Partial<EngineSettings>[] = [
      { flashAttention: "off" },
      { kvCacheTypeK: "q8_0", kvCacheTypeV: "q8_0" },
    ];
    if (allSettings) settings.push(...others.flatMap((other) => settings.map((one) => ({ ...one, ...other }))));
    const sides = { settings, sizes: smoke ? smokeSizes : fullSizes, rounds: smoke ? 1 : rounds };
    result.speed = await measureSpeed({ ...job, ...sides });
  },
  async abort(job, result) {
    const settings = [usual(job), { ...usual(job), ubatchTokens: 512 }];
    result.abort = await measureAborts({ ...job, settings, ...sizes.abort[sizeOf(job)] });
  },
  async snapshot(job, result) {
    result.snapshot =
      (await measureSnapshots({ ...job, settings: usual(job), ...sizes.snapshot[sizeOf(job)] })) ?? null;
  },
  async overhead(job, result) {
    result.overhead = (await measureOverhead({ ...job, settings: usual(job), ...sizes.overhead[sizeOf(job)] })) ?? null;
  },
  async server(job, result) {
    const prompts = job.options.smoke ? smokePromptSizes : fullPromptSizes;
    result.server = await measureServer({ ...job, settings: usual(job), sizes: prompts });
  },
  async exactness(job, result) {
    const { threads } = job;
    const { smoke, logitPrompts } = job.options;
    result.exactness = await measureExactness({
      ...job,
      settings: smoke ? smokeSettings(threads) : [...promisedSettings(threads), ...unpromisedSettings(threads)],
      sizes: smoke ? smokePromptSizes : fullPromptSizes,
      logitPromptsOfEachKind: logitPrompts,
    });
  },
};

function describeRun({ options, peers, model, threads }: PartsJob): PeersResult {
  const processors = cpus();
  return {
    schema: "benchreport-peers/1",
    startedAt: new Date().toISOString(),
    smoke: options.smoke,
    release: peers.release,
    model: { name: model.name, digest: model.digest ?? null },
    machine: {
      processor: processors[0]?.model.trim() || "unknown processor",
      cores: processors.length,
      threads,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
  };
}

/** The adapter's defaults, said aloud so that both sides can be given them. */
function usual({ threads }: PartsJob): EngineSettings {
  return { threads, ubatchTokens: 128, flashAttention: "on", kvCacheTypeK: "f16", kvCacheTypeV: "f16" };
}

function sizeOf({ options }: PartsJob): "smoke" | "full" {
  return options.smoke ? "smoke" : "full";
}
