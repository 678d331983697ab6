import { BenchreportError } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { Harness } from "../harness/harness.ts";
import { Bench } from "../measure/bench.ts";
import { executeStep } from "../measure/execute-step.ts";
import type { ErrorSample, Sample, TurnSample } from "../measure/sample.ts";
import { describeStep } from "../plan/describe-step.ts";
import { planRun } from "../plan/plan-run.ts";
import { prepareScenario } from "../plan/prepare-scenario.ts";
import type { Plan, Step, TurnStep } from "../plan/step.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { RunEnd, RunRecord } from "../summarise/run-record.ts";
import { summarise } from "../summarise/summarise.ts";
import { planFollowUp } from "../verdicts/plan-follow-up.ts";
import { collectFacts } from "./collect-facts.ts";
import { createPace } from "./pace.ts";
import type { RunOptions } from "./run-options.ts";

/**
 * Measures a scenario on a harness: plans, executes step by step, summarises. A step that throws is recorded and the
 * run goes on.
 *
 * @throws `SCENARIO_INVALID` when a turn cannot fit; what opening the first session throws; nothing else.
 */
export async function runBenchmark(harness: Harness, scenario: Scenario, options: RunOptions = {}): Promise<Report> {
  return summarise(await recordRun(harness, scenario, options));
}

async function recordRun(harness: Harness, scenario: Scenario, options: RunOptions): Promise<RunRecord> {
  const { signal } = options;
  const startedAt = new Date();
  const start = performance.now();
  const prepared = await prepareScenario(harness, scenario);
  const plan = planRun(prepared, harness.backend.capabilities, options);
  const facts = await collectFacts(harness, prepared, plan, startedAt, options);
  await using bench = new Bench(harness, prepared, signal);
  // Where no session can be opened there is nothing to measure: that is the caller's to hear, not a section's.
  await bench.openWarm();
  const samples: Sample[] = [];
  const steps = [...plan.steps];
  const pace = createPace();
  let told = 0;

  for (let index = 0; signal?.aborted !== true; index++) {
    if (index === steps.length) steps.push(...followUpSteps(plan, steps, samples));
    const step = steps[index];
    samples.push(...bench.bookkeeping.splice(0));
    await options.onProgress?.({
      facts,
      samples: samples.slice(told),
      doneSteps: index,
      totalSteps: steps.length,
      now: step && describeStep(step),
      section: step?.section,
      remainingMs: pace.remainingMs(steps.slice(index)),
    });
    told = samples.length;
    if (step === undefined) break;
    await pace.time(step, async () => void samples.push(await tryStep(step, bench, signal)));
  }
  await bench
    .discardWarm()
    .catch((error: unknown) => void samples.push(errorSample(error, { role: undefined, section: undefined })));
  samples.push(...bench.bookkeeping.splice(0));
  const stopped = signal?.aborted === true ? { reason: "the run was interrupted", code: undefined } : undefined;
  const finished = samples.filter((sample) => !isInterrupted(sample));
  return { facts, samples: finished, end: endRun(performance.now() - start, stopped) };
}

/** What the results call for and no step has done yet; a follow-up that failed is not tried again. */
function followUpSteps(plan: Plan, steps: readonly Step[], samples: readonly Sample[]): TurnStep[] {
  const planned = plan.steps.filter((step): step is TurnStep => isYardstick(step));
  const [yardstick] = planned;
  if (yardstick === undefined) return [];
  const turns = samples.filter((sample): sample is TurnSample => sample.kind === "turn");
  return planFollowUp(turns, yardstick).filter((step) => {
    if (isYardstick(step)) return steps.filter(isYardstick).length === planned.length;
    return !steps.some((done) => done.kind === "turn" && done.role === step.role && done.request === step.request);
  });
}

function isYardstick(step: Step): boolean {
  return step.kind === "turn" && step.role === "yardstick";
}

const interrupted = "interrupted";

/** A step that throws becomes a sample; the warm session is given up, since nobody knows what it holds. */
async function tryStep(step: Step, bench: Bench, signal: AbortSignal | undefined): Promise<Sample> {
  try {
    return await executeStep(step, bench);
  } catch (error) {
    await bench.discardWarm().catch(() => undefined);
    const place =
      step.kind === "turn" ? { role: step.role, section: step.partOf } : { role: undefined, section: step.section };
    const sample = errorSample(error, place);
    return signal?.aborted === true ? { ...sample, code: interrupted } : sample;
  }
}

function errorSample(error: unknown, place: Pick<ErrorSample, "role" | "section">): ErrorSample {
  const code = BenchreportError.is(error) ? error.code : "ENGINE_FAILED";
  return { kind: "error", ...place, code, message: error instanceof Error ? error.message : String(error) };
}

function isInterrupted(sample: Sample): boolean {
  return sample.kind === "error" && sample.code === interrupted;
}

function endRun(durationMs: number, stopped: RunEnd["stopped"]): RunEnd {
  // maxRSS is in kilobytes on every platform that Node runs on.
  return { durationMs, stopped, residentHighWaterBytes: process.resourceUsage().maxRSS * 1024 };
}
