import type { SectionName } from "@benchreport/report";
import type { Sample } from "../measure/sample.ts";
import type { RunFacts } from "../summarise/run-record.ts";

export interface RunOptions {
  /** Default 5. */
  readonly repetitions?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly scenarioId?: string | undefined;
  /** How to reproduce the run. */
  readonly command?: string | undefined;
  readonly generator?: { readonly name: string; readonly version: string } | undefined;
  /** How long the engine took to load, in milliseconds. */
  readonly loadMs?: number | undefined;
  /** Stops the run after the step in hand; what was measured is reported. */
  readonly signal?: AbortSignal | undefined;
  /** Awaited, so that whoever listens is done before the clock runs again. */
  readonly onProgress?: ((progress: RunProgress) => void | Promise<void>) | undefined;
}

/** Told before each step, and once behind the last. Plain data. */
export interface RunProgress {
  readonly facts: RunFacts;
  /** Samples since the last word. */
  readonly samples: readonly Sample[];
  readonly doneSteps: number;
  readonly totalSteps: number;
  /** What comes now, in words; `undefined` behind the last step. */
  readonly now: string | undefined;
  readonly section: SectionName | undefined;
  /** `undefined` until there is something to estimate from. */
  readonly remainingMs: number | undefined;
}
