/** What is being done for a model, in the order in which it happens. */
export type ModelStage = "locate" | "wait" | "download" | "unpack" | "verify" | "hash";

/** One step of progress, for a person to look at. */
export interface ModelProgress {
  readonly stage: ModelStage;
  /** From 0 to 1; `undefined` while nobody can tell. */
  readonly fraction: number | undefined;
  /** What is happening now, in a few words without a full stop. */
  readonly text: string;
}
