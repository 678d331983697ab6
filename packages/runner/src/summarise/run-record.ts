import type { BackendDescription, Capabilities } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { Sample } from "../measure/sample.ts";
import type { SkippedSection } from "../plan/step.ts";

/** What is known of a run before its first sample: plain data, so that it can cross a process border. */
export interface RunFacts {
  readonly generator: { readonly name: string; readonly version: string };
  readonly command: string;
  readonly startedAt: string;
  readonly description: BackendDescription;
  readonly capabilities: Capabilities;
  /** Whether the engine's clock is its own. */
  readonly simulated: boolean;
  readonly loadMs: number | undefined;
  readonly repetitions: number;
  readonly scenario: Report["scenario"];
  readonly skipped: readonly SkippedSection[];
  readonly environment: Report["environment"];
  readonly notes: readonly string[];
}

/** How a run ended. */
export interface RunEnd {
  readonly durationMs: number;
  /** Why it stopped before its last step; `undefined` when it did not. */
  readonly stopped: { readonly reason: string; readonly code: string | undefined } | undefined;
  readonly residentHighWaterBytes: number | undefined;
}

/** All that a report is made from. */
export interface RunRecord {
  readonly facts: RunFacts;
  readonly samples: readonly Sample[];
  readonly end: RunEnd;
}
