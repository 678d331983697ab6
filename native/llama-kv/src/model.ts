import type { NativeContextOptions, NativeModel } from "./addon.ts";
import { LlamaContext } from "./context.ts";
import type { ContextOptions } from "./context-options.ts";
import { convertContextOptions } from "./convert-context-options.ts";
import { LlamaKvError } from "./errors.ts";
import { requireMemory } from "./memory/require-memory.ts";
import type { ModelFacts } from "./model-facts.ts";
import { requireBoolean, requireInteger, requireOptions, requireText, requireTokens } from "./require.ts";
import { callNative, runNative } from "./run-abortable.ts";

export interface TokenizeOptions {
  /** Add the tokens that the model wants around a text, such as BOS. */
  readonly addSpecial: boolean;
  /** Read special tokens written out in the text as those tokens, not as text. Default false. */
  readonly parseSpecial?: boolean | undefined;
}

export interface RenderOptions {
  /** Write special tokens out instead of leaving them out. Default false. */
  readonly renderSpecial?: boolean | undefined;
}

/** The engine makes cells in steps of this many (llama.cpp v0.5.0, separate sequences). */
const CELL_STEP = 256;

/** A loaded model. Whoever loaded it closes it; that closes its contexts first. */
export class LlamaModel implements AsyncDisposable {
  readonly facts: ModelFacts;
  readonly #native: NativeModel;
  readonly #mappedBytes: number;
  readonly #contexts = new Set<LlamaContext>();
  #closing: Promise<void> | undefined;

  /** @internal Use `library.loadModel()`. */
  constructor(native: NativeModel, facts: ModelFacts, mappedBytes: number) {
    this.#native = native;
    this.facts = facts;
    this.#mappedBytes = mappedBytes;
  }

  /** The file's scalar metadata as text. Arrays are left out. */
  metadata(): Record<string, string> {
    this.#checkOpen();
    return callNative(() => this.#native.metadata());
  }

  /** Token ids of a text. Text that looks like a special token is text. @throws {TypeError} for a lone surrogate. */
  async tokenize(text: string, options: TokenizeOptions): Promise<Int32Array> {
    this.#checkOpen();
    requireText("text", text);
    const addSpecial = requireBoolean("addSpecial", requireOptions("options", options).addSpecial);
    const parseSpecial = requireBoolean("parseSpecial", options.parseSpecial ?? false);
    return runNative(() => this.#native.tokenize(text, addSpecial, parseSpecial));
  }

  /** The text of tokens, as one. Bytes that are no UTF-8 become U+FFFD. */
  detokenize(tokens: Int32Array, options: RenderOptions = {}): string {
    this.#checkOpen();
    requireTokens("tokens", tokens, this.facts.vocabularyTokens);
    const renderSpecial = requireBoolean("renderSpecial", options.renderSpecial ?? false);
    return callNative(() => this.#native.detokenize(tokens, renderSpecial));
  }

  /** The bytes of one token, which may end inside a character. Empty for a special token. */
  piece(token: number, options: RenderOptions = {}): Uint8Array {
    this.#checkOpen();
    requireInteger("token", token, 0, this.facts.vocabularyTokens - 1);
    const renderSpecial = requireBoolean("renderSpecial", options.renderSpecial ?? false);
    return callNative(() => this.#native.piece(token, renderSpecial));
  }

  /**
   * Opens a context on a thread of its own.
   *
   * @throws {LlamaKvError} INSUFFICIENT_MEMORY before anything is allocated, MODEL_UNSUPPORTED, CONTEXT_FAILED.
   */
  async createContext(options: ContextOptions): Promise<LlamaContext> {
    this.#checkOpen();
    const wished = convertContextOptions(requireOptions("options", options));
    if (requireBoolean("checkMemory", options.checkMemory ?? true)) this.#requireMemoryForCells(wished);
    const native = callNative(() => this.#native.createContext(wished));
    let effective: Awaited<ReturnType<typeof native.open>>;
    try {
      effective = await runNative(() => native.open());
    } catch (error) {
      await native.close();
      throw error;
    }
    const context = new LlamaContext(native, effective, this.facts.vocabularyTokens, () =>
      this.#contexts.delete(context),
    );
    this.#contexts.add(context);
    if (this.#closing !== undefined) {
      await context.close();
      this.#checkOpen();
    }
    return context;
  }

  /** Closes the contexts, aborting their work, then frees the model. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#contexts].map((context) => context.close()));
    await runNative(() => this.#native.close());
  }

  /** Weights that are mapped count as free to the system, and are needed all the same. */
  #requireMemoryForCells({ contextTokens, sequences, kvCacheTypeK, kvCacheTypeV }: NativeContextOptions): void {
    const kvBytesPerToken = callNative(() => this.#native.kvBytesPerToken(kvCacheTypeK, kvCacheTypeV));
    if (kvBytesPerToken === undefined) return;
    const cells = Math.ceil(contextTokens / CELL_STEP) * CELL_STEP * sequences;
    requireMemory({
      what: `${cells} cells of ${kvBytesPerToken} bytes, beside the model's weights, need`,
      bytes: cells * kvBytesPerToken + this.#mappedBytes,
      fix: "Ask for fewer context tokens or a smaller KV cache type, or pass checkMemory: false.",
      meta: { cells, kvBytesPerToken, mappedBytes: this.#mappedBytes },
    });
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LlamaKvError("CLOSED", { message: "The model is closed." });
  }
}
