export type { Backend, OpenSessionOptions } from "./backend.ts";
export type { BackendDescription } from "./backend-description.ts";
export type { BackendModule, CreateOptions, Diagnosis } from "./backend-module.ts";
export type { Capabilities } from "./capabilities.ts";
export { commonPrefixLength } from "./common-prefix-length.ts";
export type { ContextReport } from "./context-report.ts";
export { createManifest, type ManifestParts, type TextPart } from "./create-manifest.ts";
export type { DecodeConfig, DecodeEvent, FinishEvent, TokenEvent } from "./decode.ts";
export { digestIdentity, digestJson, digestManifest, hashTokens, sha256 } from "./digest.ts";
export {
  BenchreportError,
  type BenchreportErrorOptions,
  type ErrorCode,
  type ErrorMeta,
  errorCodes,
  type SerializedError,
} from "./errors.ts";
export { explainMismatch, type IdentityScope } from "./explain-mismatch.ts";
export type { Manifest, ManifestIdentity, ManifestSegment } from "./manifest.ts";
export type { PrefixInput, PrefixStatus, ReuseMiss } from "./prefix.ts";
export type { CallOptions, Session } from "./session.ts";
export type { RestoreStatus, Snapshot } from "./snapshot.ts";
export { decodeSnapshot, encodeSnapshot, type SnapshotContent } from "./snapshot-bytes.ts";
export type { SuffixInput, SuffixStatus } from "./suffix.ts";
