import type { Backend } from "./backend.ts";

/** What an adapter package exports as `backend`: all that the command line needs to find, explain, set and start it. */
export interface BackendModule {
  readonly specificationVersion: "v1";
  /** Name on the command line, for example `llama`. */
  readonly name: string;
  /** One line for `benchreport backends`. */
  readonly summary: string;
  /** What `--model` means to this adapter. The command line resolves it (package `models`) before `createBackend`. */
  readonly model: "none" | "file" | "folder" | "name";
  /**
   * JSON Schema (2020-12) of the settings, each with type, default and description. The command line refuses unknown
   * keys and coerces strings by type;
   * the adapter itself validates.
   */
  readonly settingsSchema: Readonly<Record<string, unknown>>;
  /**
   * Loads the engine and the model.
   *
   * @throws `SETTINGS_INVALID` · `ENGINE_UNAVAILABLE` · `MODEL_NOT_FOUND` · `MODEL_INVALID` · `INSUFFICIENT_MEMORY`
   */
  createBackend(options: CreateOptions): Promise<Backend>;
  /** Whether the engine could run here: tries to load it, never throws. */
  diagnose(): Promise<Diagnosis>;
}

export interface CreateOptions {
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Resolved by the caller, which also computes and caches the digest; `path` is absent for `name`. */
  readonly model?:
    | { readonly name: string; readonly path: string | undefined; readonly digest: string | undefined }
    | undefined;
  readonly signal?: AbortSignal | undefined;
  /** From 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface Diagnosis {
  readonly usable: boolean;
  readonly version: string | undefined;
  readonly devices: readonly string[];
  /** What was tried, what was found, and for whatever is missing what to do. */
  readonly findings: readonly { readonly what: string; readonly ok: boolean; readonly fix: string | undefined }[];
}
