import { BenchreportError } from "@benchreport/contract";
import {
  builtInScenario,
  builtInScenarioId,
  countTokens,
  createHarness,
  type defaultSizes,
  forecastRun,
  type Harness,
  quickRun,
  runBenchmark,
  type Scenario,
} from "@benchreport/runner";
import { chooseBackend } from "../backends/choose-backend.ts";
import { readScenarioFile } from "../options/read-scenario-file.ts";
import { resolveSizes } from "../options/resolve-sizes.ts";
import { version } from "../version.ts";
import { createBackend } from "./create-backend.ts";
import type { FromWorker, RunJob } from "./protocol.ts";

/** Resolves backend, model and scenario, runs the benchmark, and sends the report; of a dry run, what it would do. */
export async function runJob(
  job: RunJob,
  signal: AbortSignal,
  send: (message: FromWorker) => Promise<void>,
): Promise<void> {
  const scenarioFile = job.scenario === undefined ? undefined : await readScenarioFile(job.scenario);
  const { module, reason } = await chooseBackend(job.backend, job.settings.length > 0);
  if (reason !== undefined) await send({ type: "notice", text: reason });
  const { backend, loadMs } = await createBackend(module, job, signal, send);
  try {
    const harness = tellWhenOpening(createHarness(backend), send);
    const sizes = resolveSizes(job.sizes, job.quick);
    const scenario = scenarioFile ?? (await buildScenario(sizes, harness));
    const repetitions = job.repetitions ?? (job.quick ? quickRun.repetitions : undefined);
    if (job.dryRun) {
      const forecast = await forecastRun(harness, scenario, { repetitions, seed: sizes.seed });
      return await send({ type: "forecast", description: backend.describe(), forecast });
    }
    const report = await runBenchmark(harness, scenario, {
      repetitions,
      seed: sizes.seed,
      scenarioId: scenarioFile === undefined ? builtInScenarioId : "file",
      command: job.command,
      generator: { name: "benchreport", version },
      loadMs,
      signal,
      onProgress: (progress) => send({ type: "progress", progress }),
    });
    // Before the engine is closed: whatever happens then, the result is safe.
    await send({ type: "report", report });
  } finally {
    await backend.close().catch((error: unknown) => {
      const text = `the backend ${module.name} could not be closed: ${error instanceof Error ? error.message : String(error)}`;
      return send({ type: "warning", text });
    });
  }
}

/** Some steps take many turns, each on a session of its own: the parent hears that they go on. */
function tellWhenOpening(harness: Harness, send: (message: FromWorker) => Promise<void>): Harness {
  return {
    ...harness,
    openSession(options) {
      // Not awaited: opening is timed.
      void send({ type: "alive" });
      return harness.openSession(options);
    },
  };
}

async function buildScenario(sizes: typeof defaultSizes, harness: Harness): Promise<Scenario> {
  await assertWishFits(sizes, harness);
  // Without token ids the engine's lengths are unknown, and a token is taken for four characters.
  const byCharacters = async (text: string): Promise<number> => Math.ceil(text.length / 4);
  const count = harness.backend.capabilities.tokenIds
    ? countTokens(harness)
    : { stable: byCharacters, suffix: byCharacters };
  return await builtInScenario(sizes, count);
}

/** Sessions beyond this many tokens are opened for a try before minutes go into a text for them. */
const triedTokens = 65_536;

/** Refuses wishes that no session can hold before a text of that length is built. */
async function assertWishFits(sizes: typeof defaultSizes, harness: Harness): Promise<void> {
  const largest = harness.backend.capabilities.maxContextTokens;
  const suffix = Math.max(sizes.suffixTokens, ...sizes.curveTokens);
  const wished = sizes.stableTokens + suffix + sizes.decodeTokens;
  if (largest === undefined || wished <= largest) {
    if (wished > triedTokens) await (await harness.openSession({ contextTokens: wished })).close();
    return;
  }
  throw new BenchreportError("SCENARIO_INVALID", {
    what: `A turn of ${wished} tokens was asked for, and the largest session has ${largest}.`,
    why: `The prefix is to have ${sizes.stableTokens} tokens, the longest suffix ${suffix}, and the answer the rest.`,
    fix: "Lower --stable-tokens, --suffix-tokens, --curve or --decode-tokens, or use a model with a longer context.",
    meta: { wishedTokens: wished, maxContextTokens: largest },
  });
}
