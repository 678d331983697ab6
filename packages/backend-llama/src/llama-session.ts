import {
  BenchreportError,
  type CallOptions,
  type ContextReport,
  type DecodeConfig,
  type DecodeEvent,
  decodeSnapshot,
  encodeSnapshot,
  explainMismatch,
  hashTokens,
  type ManifestIdentity,
  type PrefixInput,
  type PrefixStatus,
  type RestoreStatus,
  type Session,
  type Snapshot,
  type SuffixInput,
  type SuffixStatus,
} from "@benchreport/contract";
import {
  assertFits,
  type DecodeProducer,
  DecodeRun,
  emptyPrompt,
  explainMiss,
  prefixIncomplete,
  type ResolvedDecodeConfig,
  resolveDecodeConfig,
  SerialQueue,
  type SessionJob,
  snapshotIncompatible,
  TurnManifest,
} from "@benchreport/contract/adapter";
import type { LlamaContext } from "@benchreport/llama-kv";
import { convertError } from "./convert-error.ts";
import { planReuse } from "./plan-reuse.ts";
import { type CellMark, ResidentCells } from "./resident-cells.ts";
import type { ReusePolicy } from "./reuse-policy.ts";
import { sessionBroken, snapshotUnsupported } from "./session-refusals.ts";
import { unfinishedCharacter } from "./unfinished-character.ts";

export interface LlamaSessionOptions {
  readonly context: LlamaContext;
  readonly identity: ManifestIdentity;
  readonly policy: ReusePolicy;
  /** Whether a saved state comes back whole. */
  readonly snapshots: boolean;
  /** Token ids of a text, at the start of a prompt or behind one. */
  tokenize(text: string, start: boolean): Promise<Int32Array>;
  /** Bytes of one token, which may end inside a character. */
  piece(token: number): Uint8Array;
  onClosed(): void;
}

/** Tokens that one unfinished character can be spread over: it has at most 4 bytes. */
const tokensOfACharacter = 4;

/** One conversation in a llama.cpp context of its own. */
export class LlamaSession implements Session {
  readonly #options: LlamaSessionOptions;
  readonly #context: LlamaContext;
  readonly #queue = new SerialQueue();
  readonly #manifest: TurnManifest;
  readonly #cells: ResidentCells;
  #lastPrefix: { readonly text: string; readonly tokens: Int32Array } | undefined;
  #run: { readonly iterator: DecodeRun; readonly start: number } | undefined;
  #broken = false;

  constructor(options: LlamaSessionOptions) {
    this.#options = options;
    this.#context = options.context;
    this.#manifest = new TurnManifest(options.identity);
    this.#cells = new ResidentCells(options.context);
  }

  ensurePrefix(input: PrefixInput, options: CallOptions = {}): Promise<PrefixStatus> {
    return this.#call(options, async (signal) => {
      this.#manifest.checkPrefix(input);
      const { tokens: requested, tokenizeMs } = await this.#tokenizePrefix(input.text);
      const { contextTokens, ubatchTokens } = this.#context.effective;
      assertFits({ stage: "prefix", residentTokens: 0, additionalTokens: requested.length, contextTokens });
      signal.throwIfAborted();

      const { policy } = this.#options;
      const residentBefore = this.#cells.tokens.length;
      const changedField = this.#manifest.changedField(input);
      const abortedBefore = !this.#cells.prefixComplete;
      const held = this.#cells.reusable(policy, changedField === undefined);
      const { reusedTokens, commonTokens } = planReuse(held, requested, { policy, ubatchTokens });
      this.#manifest.beginTurn(input);
      await this.#cells.replacePrefix(requested, reusedTokens, signal);
      return {
        reusedTokens,
        prefilledTokens: requested.length - reusedTokens,
        droppedTokens: residentBefore - reusedTokens,
        prefixTokens: requested.length,
        residentTokens: requested.length,
        availableTokens: contextTokens - requested.length,
        miss: explainMiss({
          residentTokens: held.tokens.length,
          requestedTokens: requested.length,
          commonTokens,
          reusedTokens,
          supported: policy !== "none",
          changedField,
          abortedBefore,
        }),
        tokenizeMs,
        tokenHash: hashTokens(requested),
      };
    });
  }

  prefillSuffix(input: SuffixInput, options: CallOptions = {}): Promise<SuffixStatus> {
    return this.#call(options, async (signal) => {
      if (!this.#cells.prefixComplete) throw prefixIncomplete();
      this.#manifest.checkSuffix(input);
      const residentTokens = this.#cells.tokens.length;
      const isStart = residentTokens === 0 && input.text !== "";
      const { tokens: suffix, tokenizeMs } = await this.#tokenize(input.text, isStart);
      const { contextTokens } = this.#context.effective;
      assertFits({ stage: "suffix", residentTokens, additionalTokens: suffix.length, contextTokens });
      signal.throwIfAborted();

      await this.#cells.appendSuffix(suffix, signal);
      this.#manifest.addSuffix(input);
      return {
        suffixTokens: suffix.length,
        tokenizeMs,
        prefixTokens: this.#cells.prefixTokens,
        residentTokens: residentTokens + suffix.length,
        availableTokens: contextTokens - residentTokens - suffix.length,
      };
    });
  }

  decode(config?: DecodeConfig, options: CallOptions = {}): AsyncIterableIterator<DecodeEvent> {
    return new DecodeRun({
      queue: this.#queue,
      signal: options.signal,
      begin: (iterator) => this.#beginDecode(iterator, config),
    });
  }

  explainContext(): ContextReport {
    const { contextTokens } = this.#context.effective;
    const residentTokens = this.#run ? this.#run.start + this.#run.iterator.residentTokens : this.#cells.tokens.length;
    const { prefillCalls, prefillTokens, decodeCalls, abortedCalls, nativeNanoseconds } = this.#context.work();
    const isClosed = this.#queue.closed;
    return {
      state: isClosed ? "closed" : this.#broken ? "broken" : "open",
      prefixTokens: this.#cells.prefixTokens,
      residentTokens,
      contextTokens,
      availableTokens: contextTokens - residentTokens,
      reusableTokens: Math.min(residentTokens, this.#cells.countReusable(this.#options.policy)),
      manifestDigest: this.#manifest.digest,
      work: { prefillCalls, prefillTokens, decodeCalls, abortedCalls, engineMs: nativeNanoseconds / 1e6 },
    };
  }

  snapshot(options: CallOptions = {}): Promise<Snapshot> {
    return this.#call(options, async (signal) => {
      if (!this.#options.snapshots) throw snapshotUnsupported();
      if (!this.#cells.prefixComplete) throw prefixIncomplete();
      const { identity, stableSegments, suffixBytes } = this.#manifest.resident ?? {
        identity: this.#options.identity,
        stableSegments: [],
        suffixBytes: 0,
      };
      const saved = await this.#cells.save(signal);
      signal.throwIfAborted();
      const sealedTokens = saved.prefixTokens;
      return encodeSnapshot({ ...saved, identity, stableSegments, suffixBytes, sealedTokens });
    });
  }

  restore(snapshot: Snapshot, options: CallOptions = {}): Promise<RestoreStatus> {
    return this.#call(options, async (signal) => {
      if (!this.#options.snapshots) throw snapshotUnsupported();
      try {
        return await this.#restore(snapshot, signal);
      } catch (error) {
        await this.#empty();
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#queue.close();
    await this.#context.close();
    this.#options.onClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs a call in its turn: what was generated before it stays, and the binding's errors become the contract's. */
  #call<T>(options: CallOptions, job: SessionJob<T>): Promise<T> {
    return this.#queue.run(async (signal) => {
      if (this.#broken) throw sessionBroken();
      this.#settleRun();
      try {
        return await job(signal);
      } catch (error) {
        throw this.#noteFailure(error);
      }
    }, options.signal);
  }

  #noteFailure(error: unknown): unknown {
    const converted = convertError(error);
    if (BenchreportError.is(converted, "SESSION_BROKEN")) this.#broken = true;
    return converted;
  }

  async #tokenize(text: string, start: boolean): Promise<{ readonly tokens: Int32Array; readonly tokenizeMs: number }> {
    const begin = performance.now();
    const tokens = await this.#options.tokenize(text, start);
    return { tokens, tokenizeMs: performance.now() - begin };
  }

  /** An agent sends the same prefix again and again: its tokens are remembered, not made again. */
  async #tokenizePrefix(text: string): Promise<{ readonly tokens: Int32Array; readonly tokenizeMs: number }> {
    if (this.#lastPrefix?.text === text) return { tokens: this.#lastPrefix.tokens, tokenizeMs: 0 };
    const tokenized = await this.#tokenize(text, text !== "");
    this.#lastPrefix = { text, tokens: tokenized.tokens };
    return tokenized;
  }

  async #restore(snapshot: Snapshot, signal: AbortSignal): Promise<RestoreStatus> {
    const { identity, stableSegments, suffixBytes, ...saved } = await decodeSnapshot(snapshot);
    const field = explainMismatch(identity, this.#options.identity, "backend");
    if (field !== undefined) throw snapshotIncompatible(field);
    const { contextTokens } = this.#context.effective;
    assertFits({ stage: "restore", residentTokens: 0, additionalTokens: saved.tokens.length, contextTokens });
    signal.throwIfAborted();
    await this.#cells.load(saved);
    this.#manifest.restore({ identity, stableSegments, suffixBytes });
    return { prefixTokens: saved.prefixTokens, residentTokens: saved.tokens.length };
  }

  async #empty(): Promise<void> {
    await this.#cells.clear();
    this.#manifest.restore(undefined);
  }

  async #beginDecode(iterator: DecodeRun, config: DecodeConfig | undefined): Promise<DecodeProducer> {
    if (this.#broken) throw sessionBroken();
    this.#settleRun();
    const resolved = resolveDecodeConfig(config);
    if (!this.#cells.prefixComplete) throw prefixIncomplete();
    const start = this.#cells.tokens.length;
    if (start === 0) throw emptyPrompt();
    this.#run = { iterator, start };
    let mark: CellMark = { tokens: start, logits: undefined };
    return {
      run: async (push, signal) => {
        try {
          mark = await this.#cells.beginAnswer(signal);
          await this.#generate(resolved, push, signal);
        } catch (error) {
          throw this.#noteFailure(error);
        }
      },
      keep: async (tokens) => {
        try {
          if (tokens === 0) await this.#cells.returnTo(mark);
          else await this.#cells.cutAnswer(start + tokens);
        } catch (error) {
          // Nobody knows any more what is resident.
          this.#broken = true;
          throw this.#noteFailure(error);
        }
      },
    };
  }

  async #generate(
    config: ResolvedDecodeConfig,
    push: (event: DecodeEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const decoder = this.#decoderAtEnd();
    const generation = this.#context.generate(config);
    const stop = (): void => void generation.stop().catch(() => undefined);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const event of generation) {
        if (event.type === "finish") {
          push(event);
          continue;
        }
        const { type, id, bytes, at, logProbability, margin } = event;
        const text = decoder.decode(bytes, { stream: true });
        this.#cells.pushAnswer(id);
        push({ type, id, text, at, logProbability, margin });
      }
      // A loop that was stopped ends quietly while the engine may still be at work.
      await generation.stop();
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /**
   * A decoder that knows of a character which the answer so far has begun: a second decode goes on in the middle of it.
   * Texts that were prefilled end with whole characters.
   */
  #decoderAtEnd(): InstanceType<typeof TextDecoder> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const last = this.#cells.tokens.slice(-tokensOfACharacter);
    const bytes = Buffer.concat(last.map((token) => this.#options.piece(token)));
    decoder.decode(unfinishedCharacter(bytes), { stream: true });
    return decoder;
  }

  /** A call has begun: what was generated before it stays. */
  #settleRun(): void {
    this.#run?.iterator.freeze();
    this.#run = undefined;
  }
}
