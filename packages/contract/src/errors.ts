/** Every stable error code, part of the API: a code is added, never renamed. */
export const errorCodes = [
  "SESSION_CLOSED",
  "SESSION_BROKEN",
  "PREFIX_INCOMPLETE",
  "TOO_MANY_SESSIONS",
  "CONTEXT_OVERFLOW",
  "EMPTY_PROMPT",
  "MANIFEST_MISMATCH",
  "SNAPSHOT_INCOMPATIBLE",
  "SNAPSHOT_CORRUPT",
  "MODEL_NOT_FOUND",
  "MODEL_INVALID",
  "DOWNLOAD_FAILED",
  "INSUFFICIENT_MEMORY",
  "ENGINE_UNAVAILABLE",
  "ENGINE_FAILED",
  "ENGINE_DIED",
  "TIMEOUT",
  "UNSUPPORTED_FEATURE",
  "SETTINGS_INVALID",
  "SCENARIO_INVALID",
  "OUTPUT_INVALID",
  "REPORT_INVALID",
  "REPORTS_INCOMPARABLE",
  "BACKEND_NOT_FOUND",
  "BACKEND_INVALID",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Facts that a program may want beside the words; plain JSON values only, so that they survive a process border. */
export type ErrorMeta = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface BenchreportErrorOptions {
  /** What happened, in one sentence. */
  readonly what: string;
  readonly why?: string | undefined;
  /** What the reader can do about it. */
  readonly fix?: string | undefined;
  readonly meta?: ErrorMeta | undefined;
  readonly cause?: unknown;
}

/** What crosses a process border in place of the error. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly meta: ErrorMeta;
}

// A package manager may install this package twice; `instanceof` would then fail between the copies.
const marker = Symbol.for("benchreport.error");

/** The one error that benchreport's packages throw, but for caller mistakes, which are `TypeError` and `RangeError`. */
export class BenchreportError extends Error {
  readonly code: ErrorCode;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly meta: ErrorMeta;

  constructor(code: ErrorCode, options: BenchreportErrorOptions) {
    super(options.what, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "BenchreportError";
    this.code = code;
    this.why = options.why;
    this.fix = options.fix;
    this.meta = options.meta ?? {};
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether a value is a `BenchreportError`, of this or of another copy of the package; with `code`, of that code. */
  static is(value: unknown, code?: ErrorCode): value is BenchreportError {
    return (
      typeof value === "object" &&
      value !== null &&
      (value as Record<symbol, unknown>)[marker] === true &&
      (code === undefined || (value as { code?: unknown }).code === code)
    );
  }

  serialize(): SerializedError {
    return { code: this.code, what: this.message, why: this.why, fix: this.fix, meta: this.meta };
  }

  static deserialize(error: SerializedError): BenchreportError {
    return new BenchreportError(error.code, error);
  }
}
