import type { NativeContext } from "./addon.ts";
import type { EffectiveContextOptions, WorkCounts } from "./context-options.ts";
import { LlamaKvError } from "./errors.ts";
import { convertGenerateOptions, type GenerateOptions } from "./generate-options.ts";
import { Generation } from "./generation.ts";
import { requireInteger, requireOneOf, requireOptions, requireSignal, requireTokens } from "./require.ts";
import { callNative, runAbortable, runNative } from "./run-abortable.ts";

export interface SequenceOptions {
  /** Default 0. */
  readonly sequence?: number | undefined;
}

export interface EvaluateOptions extends SequenceOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface PrefillOptions extends EvaluateOptions {
  /**
   * Where chunks end. `position`: at multiples of `ubatchTokens` counted from position 0, so that equal prefixes are
   * computed in equal shapes. `call`: counted from the first token of this call.
   */
  readonly grid: "position" | "call";
}

export interface PrefillResult {
  readonly evaluatedTokens: number;
  /** Engine calls: one per chunk. */
  readonly calls: number;
  readonly residentTokens: number;
}

export interface PositionRange {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * An engine context: up to `sequences` token sequences and their KV cells. Calls run one after another, in the order in
 * which they were made, on a thread of the context's own.
 *
 * Every asynchronous call may reject with `LlamaKvError` CLOSED, CONTEXT_BROKEN or ENGINE_FAILED.
 */
export class LlamaContext implements AsyncDisposable {
  readonly effective: EffectiveContextOptions;
  readonly #native: NativeContext;
  readonly #vocabularyTokens: number;
  readonly #onClosed: () => void;
  #closing: Promise<void> | undefined;

  /** @internal Use `model.createContext()`. */
  constructor(
    native: NativeContext,
    effective: EffectiveContextOptions,
    vocabularyTokens: number,
    onClosed: () => void,
  ) {
    this.#native = native;
    this.effective = effective;
    this.#vocabularyTokens = vocabularyTokens;
    this.#onClosed = onClosed;
  }

  /**
   * Appends tokens behind what is resident, one engine call per chunk, and keeps the logits of the last one.
   * After an abort, whole finished chunks stay resident, and logits are known only if none had finished.
   *
   * @throws {LlamaKvError} CONTEXT_OVERFLOW before anything changed, DECODE_FAILED.
   * Rejects with the signal's reason after an abort.
   */
  async prefill(tokens: Int32Array, options: PrefillOptions): Promise<PrefillResult> {
    this.#checkOpen();
    requireTokens("tokens", tokens, this.#vocabularyTokens);
    const grid = requireOneOf("grid", requireOptions("options", options).grid, ["position", "call"]);
    const sequence = this.#requireSequence(options.sequence);
    return runAbortable(options.signal, (abort) => this.#native.prefill(tokens, sequence, grid, abort));
  }

  /** Appends one token, alone, and keeps its logits. @throws as {@link prefill}. */
  async evaluate(token: number, options: EvaluateOptions = {}): Promise<void> {
    this.#checkOpen();
    requireInteger("token", token, 0, this.#vocabularyTokens - 1);
    const sequence = this.#requireSequence(options.sequence);
    return runAbortable(options.signal, (abort) => this.#native.evaluate(token, sequence, abort));
  }

  /**
   * Generates from the kept logits on. Starts at once and runs ahead of its reader. The last token of a `length` finish
   * is chosen but not evaluated: `evaluate()` it before anything goes on behind it.
   *
   * The reader gets `LlamaKvError` LOGITS_MISSING when nothing was prefilled, DECODE_FAILED, or the signal's reason.
   */
  generate(options: GenerateOptions): Generation {
    this.#checkOpen();
    const native = convertGenerateOptions(requireOptions("options", options));
    const sequence = this.#requireSequence(options.sequence);
    return new Generation(requireSignal(options.signal), (abort, onToken) =>
      this.#native.generate(native, sequence, abort, onToken),
    );
  }

  /**
   * Drops all but the first `keepTokens` tokens of a sequence. Logits stay known only if nothing is dropped.
   *
   * @throws {LlamaKvError} TRIM_REFUSED where the model's memory can not go back; `meta.residentTokens` says what is
   * resident now.
   * @throws {RangeError} for more tokens than are resident.
   */
  async trim(keepTokens: number, options: SequenceOptions = {}): Promise<void> {
    this.#checkOpen();
    requireInteger("keepTokens", keepTokens, 0, this.effective.contextTokens);
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.trim(keepTokens, sequence));
  }

  /** Empties every sequence. */
  async clear(): Promise<void> {
    this.#checkOpen();
    return runNative(() => this.#native.clear());
  }

  /** A copy of the logits behind the last resident token; `undefined` where they are not known. */
  async lastLogits(options: SequenceOptions = {}): Promise<Float32Array | undefined> {
    this.#checkOpen();
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.keptLogits(sequence));
  }

  /**
   * Puts back logits that belong to the last resident token, so that generation can start there.
   *
   * @throws RangeError.
   */
  async setLogits(logits: Float32Array, options: SequenceOptions = {}): Promise<void> {
    this.#checkOpen();
    if (!(logits instanceof Float32Array)) throw new TypeError("logits must be a Float32Array.");
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.setLogits(logits, sequence));
  }

  /** The positions that the engine holds of a sequence; `undefined` when it is empty. */
  async positionRange(options: SequenceOptions = {}): Promise<PositionRange | undefined> {
    this.#checkOpen();
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.positions(sequence));
  }

  /** Tokens of a sequence that are in the cache, as counted by the context itself. Never waits. 0 after `close`. */
  residentTokens(sequence = 0): number {
    const checked = this.#requireSequence(sequence);
    return this.#closing === undefined ? this.#native.residentTokens(checked) : 0;
  }

  /** What the engine was made to do so far. Never waits, and works after `close`. */
  work(): WorkCounts {
    return callNative(() => this.#native.work());
  }

  /** Aborts work in flight, waits for it, frees the cells. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= runNative(() => this.#native.close()).finally(this.#onClosed);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #requireSequence(sequence: number | undefined): number {
    return requireInteger("sequence", sequence ?? 0, 0, this.effective.sequences - 1);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LlamaKvError("CLOSED", { message: "The context is closed." });
  }
}
