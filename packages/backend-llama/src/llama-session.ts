import {
  BenchreportError,
  type CallOptions,
  type ContextReport,
  type DecodeConfig,
  type DecodeEvent,
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
  TurnManifest,
} from "@benchreport/contract/adapter";
import type { LlamaContext } from "@benchreport/llama-kv";
import { convertError } from "./convert-error.ts";
import { planReuse } from "./plan-reuse.ts";
import { unfinishedCharacter } from "./unfinished-character.ts";

export interface LlamaSessionOptions {
  readonly context: LlamaContext;
  readonly identity: ManifestIdentity;
  /** Token ids of a text, at the start of a prompt or behind one. */
  tokenize(text: string, start: boolean): Promise<Int32Array>;
  /** Bytes of one token, which may end inside a character. */
  piece(token: number): Uint8Array;
  onClosed(): void;
}

/**
 * One conversation in a llama.cpp context of its own. Prefixes are prefilled on a grid counted from position 0 and
 * suffixes on one counted from
 * their start, so that a warm turn computes in the very shapes of a cold one.
 */
export class LlamaSession implements Session {
  readonly #options: LlamaSessionOptions;
  readonly #context: LlamaContext;
  readonly #queue = new SerialQueue();
  readonly #manifest: TurnManifest;
  /** Everything resident. The last token of an answer may have no cell yet: then the context holds one token less. */
  #tokens: number[] = [];
  #prefixTokens = 0;
  #prefixComplete = true;
  /** Logits behind the prefix's last token, for a decode without a suffix. */
  #prefixLogits: Float32Array | undefined;
  /** Where the answer begins: behind the last text that was prefilled. */
  #answerStart = 0;
  #run: { readonly iterator: DecodeRun; readonly start: number } | undefined;
  #broken = false;

  constructor(options: LlamaSessionOptions) {
    this.#options = options;
    this.#context = options.context;
    this.#manifest = new TurnManifest(options.identity);
  }

  ensurePrefix(input: PrefixInput, options: CallOptions = {}): Promise<PrefixStatus> {
    return this.#call(options, async (signal) => {
      this.#manifest.checkPrefix(input);
      const { tokens: requested, tokenizeMs } = await this.#tokenize(input.text, input.text !== "");
      const { contextTokens, ubatchTokens } = this.#context.effective;
      assertFits({ stage: "prefix", residentTokens: 0, additionalTokens: requested.length, contextTokens });
      signal.throwIfAborted();

      const residentBefore = this.#tokens.length;
      const changedField = this.#manifest.changedField(input);
      const held = {
        tokens: this.#tokens.slice(0, this.#prefixTokens),
        complete: this.#prefixComplete,
        sameIdentity: changedField === undefined,
      };
      const { reusedTokens, commonTokens } = planReuse(held, requested, ubatchTokens);
      const miss = explainMiss({
        residentTokens: held.tokens.length,
        requestedTokens: requested.length,
        commonTokens,
        reusedTokens,
        supported: true,
        changedField,
        abortedBefore: !held.complete,
      });
      await this.#replacePrefix(input, requested, reusedTokens, signal);
      return {
        reusedTokens,
        prefilledTokens: requested.length - reusedTokens,
        droppedTokens: residentBefore - reusedTokens,
        prefixTokens: requested.length,
        residentTokens: requested.length,
        availableTokens: contextTokens - requested.length,
        miss,
        tokenizeMs,
        tokenHash: hashTokens(requested),
      };
    });
  }

  prefillSuffix(input: SuffixInput, options: CallOptions = {}): Promise<SuffixStatus> {
    return this.#call(options, async (signal) => {
      if (!this.#prefixComplete) throw prefixIncomplete();
      this.#manifest.checkSuffix(input);
      const residentTokens = this.#tokens.length;
      const { tokens: suffix, tokenizeMs } = await this.#tokenize(
        input.text,
        residentTokens === 0 && input.text !== "",
      );
      const { contextTokens } = this.#context.effective;
      assertFits({ stage: "suffix", residentTokens, additionalTokens: suffix.length, contextTokens });
      signal.throwIfAborted();

      await this.#evaluatePending(signal);
      await this.#appendSuffix(suffix, signal);
      this.#manifest.addSuffix(input);
      return {
        suffixTokens: suffix.length,
        tokenizeMs,
        prefixTokens: this.#prefixTokens,
        residentTokens: this.#tokens.length,
        availableTokens: contextTokens - this.#tokens.length,
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
    const residentTokens = this.#run ? this.#run.start + this.#run.iterator.residentTokens : this.#tokens.length;
    const { prefillCalls, prefillTokens, decodeCalls, abortedCalls } = this.#context.work();
    return {
      state: this.#queue.closed ? "closed" : this.#broken ? "broken" : "open",
      prefixTokens: this.#prefixTokens,
      residentTokens,
      contextTokens,
      availableTokens: contextTokens - residentTokens,
      reusableTokens: this.#prefixTokens,
      manifestDigest: this.#manifest.digest,
      work: { prefillCalls, prefillTokens, decodeCalls, abortedCalls },
    };
  }

  async snapshot(): Promise<Snapshot> {
    throw snapshotUnsupported();
  }

  async restore(): Promise<RestoreStatus> {
    throw snapshotUnsupported();
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

  /** Keeps `reusedTokens` cells and prefills the rest. An abort leaves whole chunks, which the next call can reuse. */
  async #replacePrefix(
    input: PrefixInput,
    requested: Int32Array,
    reusedTokens: number,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#context.trim(Math.min(reusedTokens, this.#context.residentTokens()));
    this.#tokens = Array.from(requested.subarray(0, reusedTokens));
    this.#prefixTokens = reusedTokens;
    this.#answerStart = requested.length;
    this.#manifest.beginTurn(input);
    this.#prefixComplete = reusedTokens === requested.length;
    if (!this.#prefixComplete || requested.length === 0) this.#prefixLogits = undefined;
    if (this.#prefixComplete) return;
    try {
      await this.#context.prefill(requested.subarray(reusedTokens), { grid: "position", signal });
    } finally {
      this.#prefixTokens = this.#context.residentTokens();
      this.#tokens = Array.from(requested.subarray(0, this.#prefixTokens));
    }
    this.#prefixLogits = await this.#context.lastLogits();
    this.#prefixComplete = true;
  }

  /** Prefills a suffix. An abort, or a failure that the engine survives, leaves the turn as it was before. */
  async #appendSuffix(suffix: Int32Array, signal: AbortSignal): Promise<void> {
    if (suffix.length === 0) return;
    const before = this.#tokens.length;
    const logits = await this.#logitsHere();
    try {
      await this.#context.prefill(suffix, { grid: "call", signal });
    } catch (error) {
      await this.#returnTo(before, logits);
      throw error;
    }
    this.#tokens.push(...suffix);
    this.#answerStart = this.#tokens.length;
  }

  async #beginDecode(iterator: DecodeRun, config: DecodeConfig | undefined): Promise<DecodeProducer> {
    if (this.#broken) throw sessionBroken();
    this.#settleRun();
    const resolved = resolveDecodeConfig(config);
    if (!this.#prefixComplete) throw prefixIncomplete();
    if (this.#tokens.length === 0) throw emptyPrompt();
    const start = this.#tokens.length;
    this.#run = { iterator, start };
    let logits: Float32Array | undefined;
    return {
      run: async (push, signal) => {
        try {
          await this.#evaluatePending(signal);
          logits = await this.#logitsHere();
          if (start === this.#prefixTokens && logits !== undefined) await this.#context.setLogits(logits);
          await this.#generate(resolved, push, signal);
        } catch (error) {
          throw this.#noteFailure(error);
        }
      },
      keep: async (tokens) => {
        try {
          if (tokens === 0) await this.#returnTo(start, logits);
          else await this.#leavePending(start + tokens);
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
        this.#tokens.push(id);
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
   */
  #decoderAtEnd(): InstanceType<typeof TextDecoder> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const last = this.#tokens.slice(Math.max(this.#answerStart, this.#tokens.length - 4));
    const bytes = Buffer.concat(last.map((token) => this.#options.piece(token)));
    decoder.decode(unfinishedCharacter(bytes), { stream: true });
    return decoder;
  }

  /** A call has begun: what was generated before it stays. */
  #settleRun(): void {
    this.#run?.iterator.freeze();
    this.#run = undefined;
  }

  /** Evaluates an answer's last token, alone, as a running decode would have. */
  async #evaluatePending(signal: AbortSignal): Promise<void> {
    const pending = this.#tokens[this.#context.residentTokens()];
    if (pending !== undefined) await this.#context.evaluate(pending, { signal });
  }

  /**
   * Logits behind the last resident token: the prefix's were kept when it was completed, others are copied while they
   * are there.
   */
  #logitsHere(): Promise<Float32Array | undefined> {
    if (this.#tokens.length === this.#prefixTokens) return Promise.resolve(this.#prefixLogits);
    return this.#context.lastLogits();
  }

  /** Forgets what was appended behind `tokens`, and puts the logits there back. */
  async #returnTo(tokens: number, logits: Float32Array | undefined): Promise<void> {
    this.#tokens.length = tokens;
    await this.#context.trim(Math.min(tokens, this.#context.residentTokens()));
    if (logits !== undefined && tokens > 0) await this.#context.setLogits(logits);
  }

  /** Cuts an answer behind `tokens`: the logits there are gone, so its last token waits to be evaluated again. */
  async #leavePending(tokens: number): Promise<void> {
    this.#tokens.length = tokens;
    await this.#context.trim(Math.min(tokens - 1, this.#context.residentTokens()));
  }
}

function sessionBroken(): BenchreportError {
  return new BenchreportError("SESSION_BROKEN", {
    what: "The session has no usable state any more.",
    why: "The engine failed inside an evaluation.",
    fix: "Close it and open a new one.",
  });
}

function snapshotUnsupported(): BenchreportError {
  return new BenchreportError("UNSUPPORTED_FEATURE", {
    what: "This adapter takes no snapshots yet.",
    fix: "See capabilities.snapshot before calling.",
    meta: { feature: "snapshot" },
  });
}
