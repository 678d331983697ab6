import { LlamaKvError, type LlamaKvErrorCode } from "./errors.ts";

/** What the addon adds to its errors; see native/addon/errors.cc. */
interface NativeError extends Error {
  readonly code: string;
  readonly meta: Readonly<Record<string, number | string>>;
}

/** Makes the public error of whatever the addon threw: an abort becomes the signal's reason, a range a `RangeError`. */
export function convertNativeError(error: unknown, signal?: AbortSignal | undefined): unknown {
  if (!isNativeError(error)) return error;
  if (error.code === "ABORTED") return signal?.aborted ? signal.reason : error;
  if (error.code === "OUT_OF_RANGE") return new RangeError(error.message);
  const { log, ...meta } = error.meta;
  const code = error.code as LlamaKvErrorCode;
  return new LlamaKvError(code, {
    message: error.message,
    why: typeof log === "string" && log !== "" ? `The engine said: ${log}` : undefined,
    fix: FIXES[code],
    meta: typeof log === "string" ? { ...meta, log } : meta,
  });
}

function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "meta" in error;
}

const FIXES: Partial<Record<LlamaKvErrorCode, string>> = {
  LIBRARY_ALREADY_LOADED: "Use one directory of llama.cpp libraries per process.",
  MODEL_NOT_FOUND: "Check the path.",
  MODEL_IS_DIRECTORY: "Name the .gguf file inside it.",
  MODEL_EMPTY: "Download the file again.",
  MODEL_NOT_GGUF: "Use a model in GGUF format.",
  MODEL_HEADER_DAMAGED: "Download the file again.",
  MODEL_TRUNCATED: "The download stopped early: download the file again.",
  MODEL_VOCABULARY_MISSING: "Use a model file that includes its tokenizer.",
  MODEL_UNSUPPORTED: "Use a generating model of an architecture that this llama.cpp release knows.",
  CONTEXT_FAILED: "Ask for fewer context tokens or other KV cache types.",
  CONTEXT_OVERFLOW: "Open a context with more tokens, or trim it first.",
  LOGITS_MISSING: "Prefill or evaluate at least one token first, or put kept logits back.",
  TRIM_REFUSED: "Clear the context and prefill again.",
  SHIFT_REFUSED: "Clear the context and prefill the shorter text.",
  STATE_INVALID: "Prefill again, and save a new state.",
  STATE_UNSETTLED: "Evaluate at least one token first.",
  CONTEXT_BROKEN: "Close the context and create another one.",
};
