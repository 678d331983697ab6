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

export interface ShiftOptions extends SequenceOptions {
  /** Position of the first token that is dropped. */
  readonly from: number;
  readonly count: number;
}

/** Two sequences of one context. */
export interface CopyOptions {
  readonly from: number;
  readonly to: number;
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

  /**
   * Drops `count` tokens from position `from` on and moves what follows down. Its keys are turned to their new places,
   * so later logits differ from those of a fresh prefill of the shorter text. Logits are not known afterwards.
   *
   * @throws {LlamaKvError} SHIFT_REFUSED where the model's memory can not move tokens.
   * @throws {RangeError} for tokens that are not resident.
   */
  async shift(options: ShiftOptions): Promise<void> {
    this.#checkOpen();
    const { contextTokens } = this.effective;
    const from = requireInteger("from", requireOptions("options", options).from, 0, contextTokens);
    const count = requireInteger("count", options.count, 0, contextTokens);
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.shift(from, count, sequence));
  }

  /**
   * Makes sequence `to` hold what sequence `from` holds, its logits included; they go on independently.
   *
   * @throws {LlamaKvError} STATE_UNSETTLED after a shift, until something is evaluated.
   */
  async copy(options: CopyOptions): Promise<void> {
    this.#checkOpen();
    const from = this.#requireSequence(requireOptions("options", options).from);
    const to = this.#requireSequence(options.to);
    return runNative(() => this.#native.copy(from, to));
  }

  /** Empties every sequence but one. */
  async keep(sequence: number): Promise<void> {
    this.#checkOpen();
    const checked = this.#requireSequence(requireInteger("sequence", sequence, 0, this.effective.sequences - 1));
    return runNative(() => this.#native.keep(checked));
  }

  /** Empties every sequence. */
  async clear(): Promise<void> {
    this.#checkOpen();
    return runNative(() => this.#native.clear());
  }

  /**
   * What a sequence holds, as bytes for `loadState` of a context of the same model, release and options. They say
   * nothing about whom they belong to: keep that beside them. Logits are apart: see `lastLogits`.
   *
   * @throws {LlamaKvError} STATE_UNSETTLED after a shift, until something is evaluated.
   */
  async saveState(options: SequenceOptions = {}): Promise<Uint8Array> {
    this.#checkOpen();
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.saveState(sequence));
  }

  /**
   * Replaces what a sequence holds by saved bytes and resolves to its resident tokens. Its logits are not known
   * afterwards: put them back with `setLogits`. The bytes are read where they lie, so they must not change meanwhile.
   *
   * @throws {LlamaKvError} STATE_INVALID for other bytes than were saved, or those of another model (nothing changed), or
   * of other options (the sequence is empty); CONTEXT_OVERFLOW.
   */
  async loadState(bytes: Uint8Array, options: SequenceOptions = {}): Promise<number> {
    this.#checkOpen();
    if (!(bytes instanceof Uint8Array)) throw new TypeError("bytes must be a Uint8Array.");
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.loadState(bytes, sequence));
  }

  /** Bytes that a sequence's state takes now, as the engine counts them. */
  async stateSize(options: SequenceOptions = {}): Promise<number> {
    this.#checkOpen();
    const sequence = this.#requireSequence(options.sequence);
    return runNative(() => this.#native.stateSize(sequence));
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
