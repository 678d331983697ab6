import {
  type CallOptions,
  type ContextReport,
  commonPrefixLength,
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
  resolveDecodeConfig,
  SerialQueue,
  snapshotIncompatible,
  TurnManifest,
} from "@benchreport/contract/adapter";
import { generate } from "./engine/generate.ts";
import { KvCache } from "./engine/kv-cache.ts";
import { tokenize } from "./engine/tokenizer.ts";
import type { VirtualClock } from "./engine/virtual-clock.ts";
import type { MemorySettings } from "./memory-settings.ts";
import { planReuse } from "./plan-reuse.ts";

export interface MemorySessionOptions {
  readonly contextTokens: number;
  readonly identity: ManifestIdentity;
  readonly settings: MemorySettings;
  readonly clock: VirtualClock;
  onClose(): void;
}

/** One conversation on the memory engine. */
export class MemorySession implements Session {
  readonly #options: MemorySessionOptions;
  readonly #queue = new SerialQueue();
  readonly #manifest: TurnManifest;
  readonly #cache: KvCache;
  readonly #work = { prefillCalls: 0, prefillTokens: 0, decodeCalls: 0, abortedCalls: 0 };
  /** Everything resident, an answer's last token included that has no cell yet. */
  #tokens: number[] = [];
  #prefixTokens = 0;
  #prefixComplete = true;
  #run: { readonly iterator: DecodeRun; readonly start: number } | undefined;
  #warm = false;
  /** Cost of prefill that decode will pay, where phases are deferred. */
  #owedMs = 0;

  constructor(options: MemorySessionOptions) {
    this.#options = options;
    this.#manifest = new TurnManifest(options.identity);
    this.#cache = new KvCache(options.contextTokens);
  }

  ensurePrefix(input: PrefixInput, options: CallOptions = {}): Promise<PrefixStatus> {
    return this.#queue.run(async (signal) => {
      this.#settleRun();
      const { settings, contextTokens } = this.#options;
      this.#manifest.checkPrefix(input);
      const requested = tokenize(input.text, settings.addBos && input.text !== "");
      const residentBefore = this.#tokens.length;
      const additionalTokens = requested.length;
      assertFits({ stage: "prefix", residentTokens: 0, additionalTokens, contextTokens });

      const abortedBefore = !this.#prefixComplete;
      const source = settings.reuse === "resident" ? this.#tokens.slice(0, this.#cache.length) : this.#prefix();
      const changedField = this.#manifest.changedField(input);
      const reusedTokens = changedField === undefined ? planReuse(source, requested, settings) : 0;
      const miss = explainMiss({
        residentTokens: source.length,
        requestedTokens: requested.length,
        commonTokens: commonPrefixLength(source, requested),
        reusedTokens,
        supported: settings.reuse !== "none",
        changedField,
        abortedBefore,
      });

      this.#forgetBehind(reusedTokens);
      this.#warm = reusedTokens > 0;
      this.#prefixTokens = reusedTokens;
      this.#prefixComplete = false;
      this.#manifest.beginTurn(input);
      await this.#prefill(requested.slice(reusedTokens), this.#cache.length, signal, (evaluated) => {
        this.#prefixTokens += evaluated;
      });
      this.#prefixComplete = true;
      return {
        reusedTokens,
        prefilledTokens: requested.length - reusedTokens,
        droppedTokens: residentBefore - reusedTokens,
        prefixTokens: requested.length,
        residentTokens: requested.length,
        availableTokens: contextTokens - requested.length,
        miss,
        tokenizeMs: 0,
        tokenHash: hashTokens(requested),
      };
    }, options.signal);
  }

  prefillSuffix(input: SuffixInput, options: CallOptions = {}): Promise<SuffixStatus> {
    return this.#queue.run(async (signal) => {
      this.#settleRun();
      const { settings, contextTokens } = this.#options;
      if (!this.#prefixComplete) throw prefixIncomplete();
      this.#manifest.checkSuffix(input);
      const residentTokens = this.#tokens.length;
      const suffix = tokenize(input.text, settings.addBos && residentTokens === 0 && input.text !== "");
      assertFits({ stage: "suffix", residentTokens, additionalTokens: suffix.length, contextTokens });

      this.#evaluatePending();
      try {
        await this.#prefill(suffix, 0, signal);
      } catch (error) {
        this.#forgetBehind(residentTokens);
        throw error;
      }
      this.#manifest.addSuffix(input);
      return {
        suffixTokens: suffix.length,
        tokenizeMs: 0,
        prefixTokens: this.#prefixTokens,
        residentTokens: this.#tokens.length,
        availableTokens: contextTokens - this.#tokens.length,
      };
    }, options.signal);
  }

  decode(config?: DecodeConfig, options: CallOptions = {}): AsyncIterableIterator<DecodeEvent> {
    return new DecodeRun({
      queue: this.#queue,
      signal: options.signal,
      begin: (iterator) => this.#beginDecode(iterator, config),
    });
  }

  explainContext(): ContextReport {
    const { contextTokens } = this.#options;
    const residentTokens = this.#run ? this.#run.start + this.#run.iterator.residentTokens : this.#tokens.length;
    return {
      state: this.#queue.closed ? "closed" : "open",
      prefixTokens: this.#prefixTokens,
      residentTokens,
      contextTokens,
      availableTokens: contextTokens - residentTokens,
      reusableTokens: this.#reusableTokens(residentTokens),
      manifestDigest: this.#manifest.digest,
      work: { ...this.#work, engineMs: undefined },
    };
  }

  snapshot(options: CallOptions = {}): Promise<Snapshot> {
    return this.#queue.run(async () => {
      this.#settleRun();
      if (!this.#prefixComplete) throw prefixIncomplete();
      return encodeSnapshot({
        identity: this.#manifest.resident?.identity ?? this.#options.identity,
        stableSegments: this.#manifest.resident?.stableSegments ?? [],
        suffixBytes: this.#manifest.resident?.suffixBytes ?? 0,
        tokens: this.#tokens,
        prefixTokens: this.#prefixTokens,
        sealedTokens: this.#cache.length,
        pending: this.#tokens.length > this.#cache.length,
        prefixLogits: undefined,
        lastLogits: undefined,
        state: this.#cache.save(),
      });
    }, options.signal);
  }

  restore(snapshot: Snapshot, options: CallOptions = {}): Promise<RestoreStatus> {
    return this.#queue.run(async () => {
      this.#settleRun();
      this.#empty();
      const content = await decodeSnapshot(snapshot);
      const field = explainMismatch(content.identity, this.#options.identity, "backend");
      if (field !== undefined) throw snapshotIncompatible(field);
      const { contextTokens } = this.#options;
      const additionalTokens = content.tokens.length;
      assertFits({ stage: "restore", residentTokens: 0, additionalTokens, contextTokens });
      this.#cache.load(content.state);
      this.#tokens = [...content.tokens];
      this.#prefixTokens = content.prefixTokens;
      const { stableSegments, suffixBytes } = content;
      this.#manifest.restore({ identity: content.identity, stableSegments, suffixBytes });
      return { prefixTokens: content.prefixTokens, residentTokens: content.tokens.length };
    }, options.signal);
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#options.onClose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #beginDecode(iterator: DecodeRun, config: DecodeConfig | undefined): DecodeProducer {
    this.#settleRun();
    const resolved = resolveDecodeConfig(config);
    if (!this.#prefixComplete) throw prefixIncomplete();
    if (this.#tokens.length === 0) throw emptyPrompt();
    const { clock, settings, contextTokens } = this.#options;
    this.#evaluatePending();
    clock.charge(this.#owedMs);
    this.#owedMs = 0;
    const start = this.#tokens.length;
    this.#run = { iterator, start };
    return {
      run: async (push, signal) => {
        const onEvaluated = (): void => void this.#work.decodeCalls++;
        const engine = { cache: this.#cache, tokens: this.#tokens, clock, settings, contextTokens, warm: this.#warm };
        await generate({ ...engine, onEvaluated }, resolved, push, signal);
        if (signal.aborted) this.#work.abortedCalls++;
      },
      keep: async (tokens) => this.#forgetBehind(start + tokens),
      delivered: (event) => clock.advanceTo(event.at),
    };
  }

  /** A call has begun: what was generated before it stays. */
  #settleRun(): void {
    this.#run?.iterator.freeze();
    this.#run = undefined;
  }

  /** Evaluates tokens in calls that end at multiples of `chunkTokens` counted from `origin` before the first. */
  async #prefill(
    tokens: readonly number[],
    origin: number,
    signal: AbortSignal,
    onCall: (evaluated: number) => void = () => undefined,
  ): Promise<void> {
    const { chunkTokens, prefillTokenMs, callMs } = this.#options.settings;
    let done = 0;
    while (done < tokens.length) {
      const untilBorder = chunkTokens - ((origin + done) % chunkTokens);
      const call = tokens.slice(done, done + untilBorder);
      for (const token of call) this.#cache.append(token);
      this.#tokens.push(...call);
      this.#charge(callMs + call.length * prefillTokenMs);
      this.#work.prefillCalls++;
      this.#work.prefillTokens += call.length;
      done += call.length;
      onCall(call.length);
      // An engine takes its time: others get a turn, and an abort can come between two calls.
      await new Promise(setImmediate);
      if (signal.aborted) {
        this.#work.abortedCalls++;
        throw signal.reason;
      }
    }
  }

  #evaluatePending(): void {
    const pending = this.#tokens[this.#cache.length];
    if (pending === undefined) return;
    this.#cache.append(pending);
    this.#charge(this.#options.settings.decodeTokenMs);
    this.#work.decodeCalls++;
  }

  #charge(milliseconds: number): void {
    if (this.#options.settings.phases === "deferred") this.#owedMs += milliseconds;
    else this.#options.clock.charge(milliseconds);
  }

  #prefix(): number[] {
    return this.#tokens.slice(0, this.#prefixTokens);
  }

  #reusableTokens(residentTokens: number): number {
    const { reuse } = this.#options.settings;
    if (reuse === "none") return 0;
    return reuse === "resident" ? Math.min(residentTokens, this.#cache.length) : this.#prefixTokens;
  }

  #forgetBehind(tokens: number): void {
    this.#tokens.length = Math.min(this.#tokens.length, tokens);
    this.#cache.trim(tokens);
  }

  #empty(): void {
    this.#forgetBehind(0);
    this.#prefixTokens = 0;
    this.#prefixComplete = true;
    this.#manifest.restore(undefined);
  }
}
