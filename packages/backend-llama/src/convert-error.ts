import { BenchreportError, type ErrorCode, type ErrorMeta } from "@benchreport/contract";
import { LlamaKvError, type LlamaKvErrorCode } from "@benchreport/llama-kv";

const codes: Readonly<Record<LlamaKvErrorCode, ErrorCode>> = {
  ADDON_NOT_BUILT: "ENGINE_UNAVAILABLE",
  LIBRARY_NOT_FOUND: "ENGINE_UNAVAILABLE",
  LIBRARY_LOAD_FAILED: "ENGINE_UNAVAILABLE",
  LIBRARY_RELEASE_MISMATCH: "ENGINE_UNAVAILABLE",
  LIBRARY_ALREADY_LOADED: "ENGINE_UNAVAILABLE",
  MODEL_NOT_FOUND: "MODEL_NOT_FOUND",
  MODEL_UNREADABLE: "MODEL_INVALID",
  MODEL_IS_DIRECTORY: "MODEL_INVALID",
  MODEL_EMPTY: "MODEL_INVALID",
  MODEL_NOT_GGUF: "MODEL_INVALID",
  MODEL_HEADER_DAMAGED: "MODEL_INVALID",
  MODEL_TRUNCATED: "MODEL_INVALID",
  MODEL_VOCABULARY_MISSING: "MODEL_INVALID",
  MODEL_UNSUPPORTED: "UNSUPPORTED_FEATURE",
  MODEL_LOAD_FAILED: "MODEL_INVALID",
  TOKENIZE_FAILED: "ENGINE_FAILED",
  CONTEXT_FAILED: "ENGINE_FAILED",
  CONTEXT_OVERFLOW: "CONTEXT_OVERFLOW",
  LOGITS_MISSING: "ENGINE_FAILED",
  DECODE_FAILED: "ENGINE_FAILED",
  TRIM_REFUSED: "ENGINE_FAILED",
  SHIFT_REFUSED: "ENGINE_FAILED",
  STATE_INVALID: "SNAPSHOT_CORRUPT",
  STATE_UNSETTLED: "ENGINE_FAILED",
  INSUFFICIENT_MEMORY: "INSUFFICIENT_MEMORY",
  CONTEXT_BROKEN: "SESSION_BROKEN",
  ENGINE_FAILED: "ENGINE_FAILED",
  CLOSED: "SESSION_CLOSED",
};

/** The binding's error as the contract's; anything else as it is. */
export function convertError(error: unknown): unknown {
  if (!LlamaKvError.is(error)) return error;
  const { code, message, why, fix, meta } = error;
  return new BenchreportError(codes[code], {
    what: message,
    why,
    fix,
    meta: { engineCode: code, ...plainMeta(meta) },
    cause: error,
  });
}

/** Runs a call of the binding, its errors converted. */
export async function converted<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw convertError(error);
  }
}

/** What of the binding's facts can cross a process border. */
function plainMeta(meta: Readonly<Record<string, unknown>>): ErrorMeta {
  return Object.fromEntries(
    Object.entries(meta).map(([name, value]) => {
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return [name, value];
      return [
        name,
        Array.isArray(value) ? value.map((item) => (typeof item === "string" ? item : JSON.stringify(item))) : null,
      ];
    }),
  );
}
