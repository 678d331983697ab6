import { type LlamaContext, LlamaKvError } from "@benchreport/llama-kv";
import type { ReusableTokens } from "./plan-reuse.ts";
import type { ReusePolicy } from "./reuse-policy.ts";

/** What a snapshot holds of the cells. */
export interface SavedCells {
  readonly tokens: readonly number[];
  readonly prefixTokens: number;
  readonly pending: boolean;
  readonly prefixLogits: Float32Array | undefined;
  readonly lastLogits: Float32Array | undefined;
  readonly state: Uint8Array;
}

/** A place to come back to: everything up to it, and the logits behind it. */
export interface CellMark {
  readonly tokens: number;
  readonly logits: Float32Array | undefined;
}

/**
 * The cells of one context: which tokens they hold, and in which shapes they were computed. Prefixes are prefilled on a
 * grid counted from position 0, suffixes on one counted from their start, answers one by one, so that a warm turn
 * computes in the very shapes of a cold one.
 *
 * An answer's last token is resident before it has a cell: it is *pending* until something goes on behind it.
 */
export class ResidentCells {
  readonly #context: LlamaContext;
  #tokens: number[] = [];
  #prefixTokens = 0;
  #prefixComplete = true;
  /** Logits behind the prefix's last token, for a decode without a suffix. */
  #prefixLogits: Float32Array | undefined;
  /** Where each suffix of the turn begins and ends. */
  #suffixes: { readonly start: number; readonly end: number }[] = [];
  /** Cells that a memory which cannot go back has to be given again, from the first token on. */
  #owed: number | undefined;

  constructor(context: LlamaContext) {
    this.#context = context;
  }

  /** Everything resident, in order. */
  get tokens(): readonly number[] {
    return this.#tokens;
  }

  get prefixTokens(): number {
    return this.#prefixTokens;
  }

  /** Whether all of the prefix was evaluated, or an abort left less. */
  get prefixComplete(): boolean {
    return this.#prefixComplete;
  }

  /** What a next prefix may be compared with. */
  reusable(policy: ReusePolicy, sameIdentity: boolean): ReusableTokens {
    if (policy !== "longest") {
      return { tokens: this.#tokens.slice(0, this.#prefixTokens), complete: this.#prefixComplete, sameIdentity };
    }
    const tokens = this.#tokens.slice(0, this.#cells());
    const complete = this.#prefixComplete && tokens.length === this.#prefixTokens;
    return { tokens, complete, sameIdentity };
  }

  /** The most that a next prefix could keep. */
  countReusable(policy: ReusePolicy): number {
    if (policy === "none") return 0;
    return policy === "longest" ? this.#cells() : this.#prefixTokens;
  }

  /** Keeps `reusedTokens` cells and prefills the rest. An abort leaves whole chunks, which the next call can reuse. */
  async replacePrefix(requested: Int32Array, reusedTokens: number, signal: AbortSignal): Promise<void> {
    const identical = reusedTokens === requested.length && reusedTokens > 0;
    this.#hold(requested.subarray(0, reusedTokens));
    this.#prefixComplete = reusedTokens === requested.length;
    if (!identical) this.#prefixLogits = undefined;
    await this.#context.trim(Math.min(reusedTokens, this.#context.residentTokens()));
    if (this.#prefixComplete) return;
    try {
      await this.#context.prefill(requested.subarray(reusedTokens), { grid: "position", signal });
    } finally {
      this.#hold(requested.subarray(0, this.#context.residentTokens()));
    }
    this.#prefixLogits = await this.#context.lastLogits();
    this.#prefixComplete = true;
  }

  /** Prefills a suffix. An abort, or a failure that the engine survives, leaves the turn as it was before. */
  async appendSuffix(suffix: Int32Array, signal: AbortSignal): Promise<void> {
    await this.#settle(signal);
    if (suffix.length === 0) return;
    const before = await this.#mark();
    try {
      await this.#context.prefill(suffix, { grid: "call", signal });
    } catch (error) {
      await this.returnTo(before);
      throw error;
    }
    this.#tokens = this.#tokens.concat(Array.from(suffix));
    this.#suffixes.push({ start: before.tokens, end: this.#tokens.length });
  }

  /** Makes ready to generate behind the last token, and gives the place to come back to. */
  async beginAnswer(signal: AbortSignal): Promise<CellMark> {
    await this.#settle(signal);
    const mark = await this.#mark();
    if (mark.tokens === this.#prefixTokens && mark.logits !== undefined) await this.#context.setLogits(mark.logits);
    return mark;
  }

  /** An answer's next token, which the engine has chosen and evaluates by itself. */
  pushAnswer(token: number): void {
    this.#tokens.push(token);
  }

  /** Forgets what was appended behind a mark, and puts the logits there back. */
  async returnTo({ tokens, logits }: CellMark): Promise<void> {
    this.#tokens.length = tokens;
    await this.#trim(tokens);
    if (this.#owed === undefined && logits !== undefined && tokens > 0) await this.#context.setLogits(logits);
  }

  /** Cuts an answer behind `tokens`: the logits there are gone, so its last token waits to be evaluated again. */
  async cutAnswer(tokens: number): Promise<void> {
    this.#tokens.length = tokens;
    await this.#trim(tokens - 1);
  }

  async save(signal: AbortSignal): Promise<SavedCells> {
    const { logits } = await this.#mark();
    signal.throwIfAborted();
    return {
      tokens: this.#tokens,
      prefixTokens: this.#prefixTokens,
      pending: this.#tokens.length > this.#cells(),
      prefixLogits: this.#prefixLogits,
      lastLogits: logits,
      state: await this.#context.saveState(),
    };
  }

  /** Takes over a snapshot's cells. Whatever fails, the caller empties them. */
  async load(saved: SavedCells): Promise<void> {
    const cells = await this.#context.loadState(saved.state);
    if (cells !== saved.tokens.length - (saved.pending ? 1 : 0)) {
      throw new LlamaKvError("STATE_INVALID", { message: `The state holds ${cells} tokens, the snapshot others.` });
    }
    if (saved.lastLogits !== undefined && cells > 0) await this.#context.setLogits(saved.lastLogits);
    this.#tokens = Array.from(saved.tokens);
    this.#prefixTokens = saved.prefixTokens;
    this.#prefixLogits = saved.prefixLogits;
  }

  async clear(): Promise<void> {
    this.#hold([]);
    this.#prefixComplete = true;
    this.#prefixLogits = undefined;
    await this.#context.clear();
  }

  /** Tokens that have a cell, or are owed one. */
  #cells(): number {
    return this.#owed ?? this.#context.residentTokens();
  }

  /** A turn begins: this much of a prefix is resident, and nothing else. */
  #hold(prefix: ArrayLike<number>): void {
    this.#tokens = Array.from(prefix);
    this.#prefixTokens = prefix.length;
    this.#suffixes = [];
    this.#owed = undefined;
  }

  /**
   * The place behind the last token that has a cell: the prefix's logits were kept when it was completed, others are
   * copied while they are there.
   */
  async #mark(): Promise<CellMark> {
    const tokens = this.#tokens.length;
    const logits = tokens === this.#prefixTokens ? this.#prefixLogits : await this.#context.lastLogits();
    return { tokens, logits };
  }

  /** Gives every token its cell: those that are owed, and an answer's last token alone, as a decode would have. */
  async #settle(signal: AbortSignal): Promise<void> {
    if (this.#owed !== undefined) await this.#replay(this.#owed, signal);
    const pending = this.#tokens[this.#context.residentTokens()];
    if (pending !== undefined) await this.#context.evaluate(pending, { signal });
  }

  async #trim(cells: number): Promise<void> {
    try {
      await this.#context.trim(Math.min(cells, this.#context.residentTokens()));
    } catch (error) {
      if (!LlamaKvError.is(error) || error.code !== "TRIM_REFUSED") throw error;
      this.#owed = cells;
    }
  }

  /** Computes cells again from the first token on, in the shapes in which they were computed before. */
  async #replay(cells: number, signal: AbortSignal): Promise<void> {
    await this.#context.clear();
    const prefill = async (start: number, end: number, grid: "position" | "call"): Promise<void> => {
      await this.#context.prefill(Int32Array.from(this.#tokens.slice(start, end)), { grid, signal });
    };
    await prefill(0, this.#prefixTokens, "position");
    for (const { start, end } of this.#suffixes) {
      await this.#replayAnswer(start, signal);
      await prefill(start, end, "call");
    }
    await this.#replayAnswer(cells, signal);
    this.#owed = undefined;
  }

  /** Evaluates tokens one by one up to `end`. */
  async #replayAnswer(end: number, signal: AbortSignal): Promise<void> {
    for (let at = this.#context.residentTokens(); at < end; at++) {
      await this.#context.evaluate(this.#tokens[at] ?? 0, { signal });
    }
  }
}
