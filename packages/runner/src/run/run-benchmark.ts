import { BenchreportError } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { Harness } from "../harness/harness.ts";
import { Bench } from "../measure/bench.ts";
import { executeStep } from "../measure/execute-step.ts";
import type { ErrorSample, Sample, TurnSample } from "../measure/sample.ts";
import { planFollowUp } from "../plan/plan-follow-up.ts";
import { planRun } from "../plan/plan-run.ts";
import { prepareScenario } from "../plan/prepare-scenario.ts";
import type { Plan, Step, TurnStep } from "../plan/step.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { RunEnd, RunRecord } from "../summarise/run-record.ts";
import { summarise } from "../summarise/summarise.ts";
import { collectFacts } from "./collect-facts.ts";
import { createPace } from "./pace.ts";
import type { RunOptions } from "./run-options.ts";

/**
 * Measures a scenario on a harness: plans, executes step by step, summarises. A step that throws is recorded and the run goes on.
 *
 * @throws `SCENARIO_INVALID` when a turn cannot fit; nothing else but what opening the first session throws.
 */
export async function runBenchmark(harness: Harness, scenario: Scenario, options: RunOptions = {}): Promise<Report> {
  return summarise(await recordRun(harness, scenario, options));
}

async function recordRun(harness: Harness, scenario: Scenario, options: RunOptions): Promise<RunRecord> {
  const startedAt = new Date();
  const start = performance.now();
  const prepared = await prepareScenario(harness, scenario);
  const plan = planRun(prepared, harness.backend.capabilities, options);
  const facts = await collectFacts(harness, prepared, plan, startedAt, options);
  await using bench = new Bench(harness, prepared, options.signal);
  const samples: Sample[] = [];
  const reported = { samples: 0 };
  const steps = [...plan.steps];
  const pace = createPace();

  for (let index = 0; index <= steps.length && options.signal?.aborted !== true; index++) {
    if (index === steps.length)
      steps.push(...planFollowUp(turnsOf(samples), yardstickOf(plan)).filter(notRepeated(steps)));
    const step = steps[index];
    samples.push(...bench.bookkeeping.splice(0));
    await options.onProgress?.({
      facts,
      samples: samples.slice(reported.samples),
      doneSteps: index,
      totalSteps: steps.length,
      now: step && describeStep(step),
      section: step?.section,
      remainingMs: pace.remainingMs(steps.slice(index)),
    });
    reported.samples = samples.length;
    if (step === undefined) break;
    await pace.time(step, async () => void samples.push(await tryStep(step, bench, options.signal)));
  }
  samples.push(...bench.bookkeeping.splice(0));
  const stopped = options.signal?.aborted === true ? { reason: "the run was interrupted", code: undefined } : undefined;
  return {
    facts,
    samples: samples.filter((sample) => !isInterrupted(sample)),
    end: endRun(performance.now() - start, stopped),
  };
}

const interrupted = "interrupted";

/** A step that throws becomes a sample; the warm session is given up, since nobody knows what it holds. */
async function tryStep(step: Step, bench: Bench, signal: AbortSignal | undefined): Promise<Sample> {
  try {
    return await executeStep(step, bench);
  } catch (error) {
    await bench.discardWarm().catch(() => undefined);
    const role = step.kind === "turn" ? step.role : undefined;
    const code = signal?.aborted === true ? interrupted : BenchreportError.is(error) ? error.code : "ENGINE_FAILED";
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "error", section: step.section, role, code, message } satisfies ErrorSample;
  }
}

function isInterrupted(sample: Sample): boolean {
  return sample.kind === "error" && sample.code === interrupted;
}

/** How a run ended that this process saw to its end. */
export function endRun(durationMs: number, stopped: RunEnd["stopped"]): RunEnd {
  // maxRSS is in kilobytes on every platform that Node runs on.
  return { durationMs, stopped, residentHighWaterBytes: process.resourceUsage().maxRSS * 1024 };
}

function turnsOf(samples: readonly Sample[]): TurnSample[] {
  return samples.filter((sample): sample is TurnSample => sample.kind === "turn");
}

function yardstickOf(plan: Plan): TurnStep {
  const yardstick = plan.steps.find((step): step is TurnStep => step.kind === "turn" && step.role === "yardstick");
  if (yardstick === undefined) throw new Error("a plan without a yardstick");
  return yardstick;
}

/** Follow-up steps are asked for once. */
function notRepeated(steps: readonly Step[]): (step: TurnStep) => boolean {
  const yardsticks = steps.filter((step) => step.kind === "turn" && step.role === "yardstick").length;
  return (step) => step.role !== "yardstick" || yardsticks <= 2;
}

function describeStep(step: Step): string {
  if (step.kind === "failure_case") return step.section.replaceAll("_", " ");
  const what = (step.section ?? step.role).replaceAll("_", " ");
  const detail = step.label ?? (step.repetition === undefined ? undefined : `repetition ${step.repetition}`);
  return detail === undefined ? what : `${what}, ${detail}`;
}
