import type { ModelProgress } from "./model-progress.ts";

/** What a user asked for and what an engine can take. */
export interface ModelRequest {
  /**
   * A path, `hf:OWNER/REPOSITORY/FILE.gguf`, or for an engine that `accepts` a name, that name. Without it an engine that
   * accepts a file gets the default model.
   */
  readonly model?: string | undefined;
  /** What a model is to the engine: the `model` of its `BackendModule`. */
  readonly accepts: "file" | "folder" | "name" | "none";
  /** Never touch a network: what is not on this machine is an error that says how to get it. Default: false. */
  readonly offline?: boolean | undefined;
  /** Aborts at any point; the call rejects with the signal's reason, and nothing half done can be taken for a model. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ModelProgress) => void) | undefined;
}

/** A model that an engine can be given. */
export interface ResolvedModel {
  /** File or folder name, or the name as it was asked for. */
  readonly name: string;
  /** Absolute path; `undefined` for a model that is only a name. */
  readonly path: string | undefined;
  /**
   * SHA-256 in lower-case hex: of the file, or for a split model of the SHA-256 of its parts, each on a line;
   * `undefined` for a folder or a name.
   */
  readonly digest: string | undefined;
  /** Size of the file or of all its parts; `undefined` for a folder or a name. */
  readonly bytes: number | undefined;
}
