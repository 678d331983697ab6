import type { Diagnosis, SerializedError } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { BuiltInSizes, RunProgress } from "@benchreport/runner";
import type { Pair } from "../options/parse-pair.ts";

/** What a child process is started for. */
export type Job = RunJob | DoctorJob;

export interface RunJob {
  readonly kind: "run";
  readonly backend: string | undefined;
  readonly model: string | undefined;
  readonly settings: readonly Pair[];
  readonly sizes: BuiltInSizes;
  /** Path of a scenario file; sizes are not used then, but for the seed. */
  readonly scenario: string | undefined;
  readonly repetitions: number | undefined;
  readonly command: string;
}

export interface DoctorJob {
  readonly kind: "doctor";
}

export type ToWorker =
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "stop" }
  /** The last progress was read: the parent is idle again, and the clock may run. */
  | { readonly type: "seen" };

export interface BackendDiagnosis extends Diagnosis {
  readonly name: string;
  readonly summary: string;
}

export type FromWorker =
  /** What is being done before the run starts. */
  | { readonly type: "setup"; readonly text: string; readonly fraction: number | undefined }
  /** Why this backend runs. */
  | { readonly type: "notice"; readonly text: string }
  /** The engine is alive: a session is about to be opened, inside a step that may take many turns. */
  | { readonly type: "alive" }
  /** Something went wrong that costs no result. */
  | { readonly type: "warning"; readonly text: string }
  | { readonly type: "progress"; readonly progress: RunProgress }
  | { readonly type: "report"; readonly report: Report }
  | { readonly type: "doctor"; readonly diagnoses: readonly BackendDiagnosis[] }
  /** `bug`: an error that nobody foresaw, with its stack. */
  | { readonly type: "error"; readonly error: SerializedError }
  | { readonly type: "bug"; readonly message: string; readonly stack: string | undefined };
