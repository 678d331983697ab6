import type { ResolvedModel } from "@benchreport/models";
import { type SeededRandom, seededRandom } from "@benchreport/runner";
import type { Peers } from "../programs/build-peers.ts";
import { describeSettings, type EngineSettings } from "../session/open-engine.ts";
import { compareRounds, type SpeedComparison, type SpeedRound } from "./compare-rounds.ts";
import { runLlamaBench } from "./run-llama-bench.ts";
import { runSession } from "./run-session.ts";
import { listTests, type SpeedSizes, type TestSamples } from "./speed-tests.ts";

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
 * Runs both sides in turns, one process at a time, in an order that is drawn for each test. The settings change inside a
 * round, so that a machine that changes over an hour changes for all of them.
 */
export async function measureSpeed(job: SpeedJob): Promise<SpeedResult[]> {
  const random = seededRandom(1);
  const results = job.settings.map((settings) => ({ settings, rounds: [] as SpeedRound[] }));
  for (let round = 1; round <= job.rounds; round++) {
    for (const { settings, rounds } of results) {
      job.onProgress(`speed: round ${round} of ${job.rounds}, ${describeSettings(settings)}`);
      rounds.push(await runRound(job, settings, random));
    }
  }
  return results.map(({ settings, rounds }) => ({ settings, rounds, comparisons: compareRounds(rounds) }));
}

/** Test by test, one side right after the other: within seconds a machine changes less than within a round. */
async function runRound(job: SpeedJob, settings: EngineSettings, random: SeededRandom): Promise<SpeedRound> {
  const ours: TestSamples[] = [];
  const theirs: TestSamples[] = [];
  for (const test of listTests(job.sizes)) {
    const runOurs = async (): Promise<void> => {
      ours.push(await runSession({ model: job.model, settings, sizes: job.sizes, test }));
    };
    const runTheirs = async (): Promise<void> => {
      theirs.push(...(await runLlamaBench(job.peers.bench, job.model.path, settings, job.sizes, test)));
    };
    const order = random.below(2) === 0 ? [runOurs, runTheirs] : [runTheirs, runOurs];
    for (const runSide of order) await runSide();
  }
  return { ours, theirs };
}
