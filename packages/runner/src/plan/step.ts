import type { SectionName } from "@benchreport/report";

/** A text of the run, with the name by which evidence speaks of it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface TurnRequest {
  readonly prefix: NamedText;
  readonly suffix: NamedText;
  readonly decodeTokens: number;
  readonly logProbabilities: boolean;
}

/**
 * Why a turn is taken. `measured`: its times are reported. `edit`: an edited prefix on a session warm on the unedited
 * one.
 * `reference`: a cold answer with log-probabilities; `correctness`: the warm one. `noise_floor`: how far cold answers
 * differ among themselves.
 */
export type TurnRole = "warm_up" | "yardstick" | "measured" | "edit" | "reference" | "correctness" | "noise_floor";

export interface TurnStep {
  readonly kind: "turn";
  readonly role: TurnRole;
  readonly section: SectionName | undefined;
  /** Section that cannot be trusted when this turn fails. */
  readonly partOf: SectionName | undefined;
  /** From 1; `undefined` for what is done once per run. */
  readonly repetition: number | undefined;
  readonly session: "fresh" | "warm";
  readonly request: TurnRequest;
  /** What tells it from others of its section: an edit's name. */
  readonly label: string | undefined;
}

export type FailureCase = "over_context" | "cancel_prefill" | "cancel_decode";

export interface FailureStep {
  readonly kind: "failure_case";
  readonly section: FailureCase;
}

export interface SnapshotStep {
  readonly kind: "snapshot";
  readonly section: "snapshot_save";
  /** How often a state is saved, and how often restored. */
  readonly repetitions: number;
}

/** One thing to do, as data: from the list come remaining time, dry runs and partial results. */
export type Step = TurnStep | FailureStep | SnapshotStep;

/** A section that this run leaves out, and why. */
export interface SkippedSection {
  readonly section: SectionName;
  readonly status: "skipped" | "unsupported" | "not_run";
  readonly reason: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly skipped: readonly SkippedSection[];
  /** What else is left out, and why. */
  readonly notes: readonly string[];
}
