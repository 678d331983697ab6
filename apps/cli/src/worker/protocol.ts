import type {
  BackendDescription,
  BackendModule,
  Capabilities,
  Diagnosis,
  SerializedError,
} from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { BuiltInSizes, Forecast, RunProgress } from "@benchreport/runner";
import type { Pair } from "../options/parse-pair.ts";

/** What a child process is started for. */
export type Job = RunJob | DiagnoseJob;

/** What an engine is started with. */
export interface BackendRequest {
  readonly model: string | undefined;
  readonly settings: readonly Pair[];
  /** Never touch a network for a model. */
  readonly offline: boolean;
}

export interface RunJob extends BackendRequest {
  readonly kind: "run";
  readonly backend: string | undefined;
  readonly sizes: BuiltInSizes;
  /** Path of a scenario file; sizes are not used then, but for the seed. */
  readonly scenario: string | undefined;
  readonly repetitions: number | undefined;
  /** The smallest run that still proves every claim; what was asked for wins. */
  readonly quick: boolean;
  /** Loads the model and says what it would do. */
  readonly dryRun: boolean;
  readonly command: string;
}

/** Asks adapters what they are and whether they can run here. */
export interface DiagnoseJob {
  readonly kind: "diagnose";
  readonly names: readonly string[];
  /** Whether an adapter that cannot be loaded is an error; else it is a finding. */
  readonly mustLoad: boolean;
  /** Starts each of them too, to ask what it can do. */
  readonly start: BackendRequest | undefined;
}

export type ToWorker =
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "stop" }
  /** The last progress was read: the parent is idle again, and the clock may run. */
  | { readonly type: "seen" };

/** An adapter, as far as it could be loaded. */
export interface BackendFacts extends Diagnosis {
  /** By which `--backend` finds it. */
  readonly name: string;
  /** Undefined, as what follows, when the adapter cannot be loaded. */
  readonly summary: string | undefined;
  readonly model: BackendModule["model"] | undefined;
  readonly settingsSchema: Readonly<Record<string, unknown>> | undefined;
  /** Undefined when it was not started. */
  readonly capabilities: Capabilities | undefined;
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
  | { readonly type: "forecast"; readonly description: BackendDescription; readonly forecast: Forecast }
  | { readonly type: "backends"; readonly backends: readonly BackendFacts[] }
  /** `bug`: an error that nobody foresaw, with its stack. */
  | { readonly type: "error"; readonly error: SerializedError }
  | { readonly type: "bug"; readonly message: string; readonly stack: string | undefined };
