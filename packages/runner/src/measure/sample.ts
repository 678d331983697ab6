import type { FinishEvent, ReuseMiss } from "@benchreport/contract";
import type { JudgedReuse, ReusePrediction } from "@benchreport/contract/oracle";
import type { Evidence, SectionName } from "@benchreport/report";
import type { FailureCase, TurnStep } from "../plan/step.ts";

/** What one turn took and gave. Times in milliseconds; what was not measured is `undefined`. */
export interface TurnMeasurement {
  /** Undefined where the engine defers prefill to decode. */
  readonly prefixMs: number | undefined;
  readonly suffixMs: number | undefined;
  /** From the start of the turn. */
  readonly ttftMs: number | undefined;
  /** First to last token, by the engine's stamps. */
  readonly decodeMs: number | undefined;
  readonly itlMs: readonly number[];
  readonly turnMs: number;
  readonly tokenizeMs: number | undefined;
  readonly prefixTokens: number | undefined;
  readonly reusedTokens: number | undefined;
  readonly prefilledTokens: number | undefined;
  readonly suffixTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly miss: ReuseMiss | undefined;
  readonly finishReason: FinishEvent["reason"] | undefined;
  /** Undefined where the engine gives no token ids. */
  readonly tokenIds: readonly number[] | undefined;
  readonly text: string;
  readonly logProbabilities: readonly number[] | undefined;
  readonly margins: readonly number[] | undefined;
  /** Median time between a token's stamp and its arrival. */
  readonly stampLagMs: number | undefined;
  /** Token events whose stamp lies after their arrival. */
  readonly futureStamps: number;
}

export interface TurnSample extends TurnMeasurement {
  readonly kind: "turn";
  readonly step: TurnStep;
  /** Undefined where the engine gives no token ids, or the resident state is not known. */
  readonly prediction: ReusePrediction | undefined;
  readonly judged: JudgedReuse;
  /** Part of the prompt in which the first different token lies. */
  readonly segment: string | undefined;
}

/** One expectation of a failure case and what was seen. `ok` is null where it could not be tried. */
export type FailureCheck = Evidence & { readonly check: string; readonly ok: boolean | null };

export interface FailureSample {
  readonly kind: "failure_case";
  readonly section: FailureCase;
  readonly checks: readonly FailureCheck[];
}

/** One save or restore of a session's state. */
export interface SnapshotTiming {
  readonly ms: number;
  readonly bytes: number;
  readonly tokens: number;
}

export interface SnapshotSample {
  readonly kind: "snapshot";
  readonly saves: readonly SnapshotTiming[];
  readonly restores: readonly SnapshotTiming[];
  readonly checks: readonly FailureCheck[];
  /** Growth of the engine's state by token, as saved. */
  readonly kvBytesPerToken: number | undefined;
}

/** A step that threw; the run went on. */
export interface ErrorSample {
  readonly kind: "error";
  readonly section: SectionName | undefined;
  readonly role: TurnStep["role"] | undefined;
  readonly code: string;
  readonly message: string;
}

/** A session that was opened, or an unmeasured turn that warmed one. */
export interface BookkeepingSample {
  readonly kind: "opened" | "primed";
  readonly ms: number;
}

export type Sample = TurnSample | FailureSample | SnapshotSample | ErrorSample | BookkeepingSample;
