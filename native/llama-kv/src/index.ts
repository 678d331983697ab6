export type {
  CopyOptions,
  EvaluateOptions,
  LlamaContext,
  PositionRange,
  PrefillOptions,
  PrefillResult,
  SequenceOptions,
  ShiftOptions,
} from "./context.ts";
export type { ContextOptions, EffectiveContextOptions, KvCacheType, WorkCounts } from "./context-options.ts";
export { LlamaKvError, type LlamaKvErrorCode, type LlamaKvErrorParts } from "./errors.ts";
export type { GenerateOptions } from "./generate-options.ts";
export type { GeneratedToken, Generation, GenerationEvent, GenerationFinish, GenerationState } from "./generation.ts";
export { type LlamaLibrary, loadLibrary } from "./library.ts";
export type { LibraryFiles } from "./library-files.ts";
export type {
  Accelerator,
  Device,
  LoadLibraryOptions,
  LoadModelOptions,
  LocateOptions,
  LogLine,
} from "./library-options.ts";
export { type LocateAttempt, type LocateResult, locateBinaries } from "./locate-binaries.ts";
export type { LlamaModel, RenderOptions, TokenizeOptions } from "./model.ts";
export type { MemoryKind, ModelFacts } from "./model-facts.ts";
