/** Every code that a {@link LlamaKvError} can have. Part of the API: codes are added, never renamed. */
export type LlamaKvErrorCode =
  | "ADDON_NOT_BUILT"
  | "LIBRARY_NOT_FOUND"
  | "LIBRARY_LOAD_FAILED"
  | "LIBRARY_RELEASE_MISMATCH"
  | "LIBRARY_ALREADY_LOADED"
  | "MODEL_NOT_FOUND"
  | "MODEL_UNREADABLE"
  | "MODEL_IS_DIRECTORY"
  | "MODEL_EMPTY"
  | "MODEL_NOT_GGUF"
  | "MODEL_HEADER_DAMAGED"
  | "MODEL_TRUNCATED"
  | "MODEL_VOCABULARY_MISSING"
  | "MODEL_UNSUPPORTED"
  | "MODEL_LOAD_FAILED"
  | "TOKENIZE_FAILED"
  | "CONTEXT_FAILED"
  | "CONTEXT_OVERFLOW"
  | "LOGITS_MISSING"
  | "DECODE_FAILED"
  | "TRIM_REFUSED"
  | "SHIFT_REFUSED"
  | "STATE_INVALID"
  | "STATE_UNSETTLED"
  | "INSUFFICIENT_MEMORY"
  | "CONTEXT_BROKEN"
  | "ENGINE_FAILED"
  | "CLOSED";

/** What a {@link LlamaKvError} is made of. */
export interface LlamaKvErrorParts {
  /** What happened. */
  readonly message: string;
  /** Why it happened, where that is known. */
  readonly why?: string | undefined;
  /** What the reader can do about it. */
  readonly fix?: string | undefined;
  /** Facts for programs: paths, counts, the engine's last log lines. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

const MARKER: unique symbol = Symbol.for("@benchreport/llama-kv/error") as never;

/** The one error class of this package. A caller's mistakes are `TypeError` and `RangeError` instead. */
export class LlamaKvError extends Error {
  override readonly name: string = "LlamaKvError";
  /** Stable, for programs. */
  readonly code: LlamaKvErrorCode;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly meta: Readonly<Record<string, unknown>>;

  constructor(code: LlamaKvErrorCode, parts: LlamaKvErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.why = parts.why;
    this.fix = parts.fix;
    this.meta = parts.meta ?? {};
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Recognises this package's errors, those of another copy of the package too. */
  static is(value: unknown): value is LlamaKvError {
    return typeof value === "object" && value !== null && MARKER in value;
  }
}
