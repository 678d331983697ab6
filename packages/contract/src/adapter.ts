/**
 * What adapters share besides the contract itself: checks of what callers pass, the order of calls, the decode
 * iterator.
 */
export { assertWellFormed, type ResidentManifest } from "./adapter/check-manifest.ts";
export { type DecodeProducer, DecodeRun, type DecodeRunOptions } from "./adapter/decode-run.ts";
export { explainMiss, type ReuseDecision } from "./adapter/explain-miss.ts";
export {
  assertFits,
  type ContextDemand,
  emptyPrompt,
  prefixIncomplete,
  snapshotIncompatible,
} from "./adapter/refusals.ts";
export { type ResolvedDecodeConfig, resolveDecodeConfig } from "./adapter/resolve-decode-config.ts";
export { SerialQueue, type SessionJob, sessionClosed } from "./adapter/serial-queue.ts";
export { TurnManifest } from "./adapter/turn-manifest.ts";
