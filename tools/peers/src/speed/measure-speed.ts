import type { ResolvedModel } from "@benchreport/models";
import type { Peers } from "../build/build-peers.ts";
import { describeSettings, type EngineSettings } from "../session/open-engine.ts";
import { createRandom } from "../text/random.ts";
import { compareRounds, type SpeedComparison, type SpeedRound } from "./compare-rounds.ts";
import { runLlamaBench } from "./run-llama-bench.ts";
import { runSession } from "./run-session.ts";
import type { SpeedSizes } from "./speed-tests.ts";

export interface SpeedJob {
  readonly peers: Peers;
  readonly model: ResolvedModel & { readonly path: string };
  readonly settings: readonly EngineSettings[];
  readonly sizes: SpeedSizes;
  readonly rounds: number;
  readonly onProgress: (line: string) => void;
}

export interface SpeedResult {
  readonly settings: EngineSettings;
  readonly rounds: readonly SpeedRound[];
  readonly comparisons: readonly SpeedComparison[];
}

/**
 * Runs both sides in turns, one process at a time, in an order that is drawn for each round. The settings change inside
 * a round, so that a machine that changes over an hour changes for all of them.
 */
export async function measureSpeed(job: SpeedJob): Promise<SpeedResult[]> {
  const random = createRandom(1);
  const results = job.settings.map((settings) => ({ settings, rounds: [] as SpeedRound[] }));
  for (let round = 1; round <= job.rounds; round++) {
    for (const { settings, rounds } of results) {
      job.onProgress(`speed: round ${round} of ${job.rounds}, ${describeSettings(settings)}`);
      rounds.push(await runRound(job, settings, random.below(2) === 0));
    }
  }
  return results.map(({ settings, rounds }) => ({ settings, rounds, comparisons: compareRounds(rounds) }));
}

async function runRound(
  { peers, model, sizes }: SpeedJob,
  settings: EngineSettings,
  oursFirst: boolean,
): Promise<SpeedRound> {
  const runOurs = (): Promise<SpeedRound["ours"]> => runSession({ model, settings, sizes });
  const runTheirs = (): Promise<SpeedRound["theirs"]> => runLlamaBench(peers.bench, model.path, settings, sizes);
  if (oursFirst) {
    const ours = await runOurs();
    return { ours, theirs: await runTheirs() };
  }
  const theirs = await runTheirs();
  return { ours: await runOurs(), theirs };
}
