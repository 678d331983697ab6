import type { DecodeEvent } from "../decode.ts";
import type { SerialQueue } from "./serial-queue.ts";

/** The engine's side of one `decode` call. */
export interface DecodeProducer {
  /**
   * Runs the engine until it has pushed its finish event, or until `signal` fires; resolves when the engine is idle.
   * A rejection other than the signal's reason is the consumer's.
   */
  run(push: (event: DecodeEvent) => void, signal: AbortSignal): Promise<void>;
  /** Keeps the first `tokens` of those that were generated, and forgets the rest. Called while the engine is idle. */
  keep(tokens: number): Promise<void>;
  /** Called as each event reaches the consumer. */
  delivered?(event: DecodeEvent): void;
}

export interface DecodeRunOptions {
  readonly queue: SerialQueue;
  readonly signal: AbortSignal | undefined;
  /**
   * Called when the run's turn has come, with nothing else in flight; whatever it throws is the first `next()`'s
   * rejection.
   */
  begin(run: DecodeRun): DecodeProducer | Promise<DecodeProducer>;
}

/**
 * The iterator that `Session.decode` returns: the engine runs ahead into a buffer, and leaving the loop cuts the state
 * back to what was delivered.
 * A session calls `freeze` when a later call begins: from then on everything that was generated stays.
 */
export class DecodeRun implements AsyncIterableIterator<DecodeEvent> {
  readonly #options: DecodeRunOptions;
  readonly #leaving = new AbortController();
  readonly #buffer: DecodeEvent[] = [];
  #producer: DecodeProducer | undefined;
  #work: Promise<void> | undefined;
  #lastNext: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #frozen = false;
  #ended = false;
  #generated = 0;
  #delivered = 0;
  #wake: (() => void) | undefined;

  constructor(options: DecodeRunOptions) {
    this.#options = options;
  }

  /** Tokens of this run that count as resident: what was delivered, or everything once a later call has begun. */
  get residentTokens(): number {
    return this.#frozen ? this.#generated : this.#delivered;
  }

  /** Makes everything that was generated so far stay, whether delivered or not. */
  freeze(): void {
    this.#frozen = true;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<DecodeEvent>> {
    const event = this.#lastNext.then(() => this.#next());
    this.#lastNext = event.catch(() => undefined);
    return event;
  }

  async return(): Promise<IteratorResult<DecodeEvent>> {
    await this.#leave();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<DecodeEvent>> {
    await this.#leave();
    throw error;
  }

  async #next(): Promise<IteratorResult<DecodeEvent>> {
    if (this.#ended) return { done: true, value: undefined };
    this.#work ??= this.#runEngine();
    while (this.#buffer.length === 0 && this.#failure === undefined) await this.#pushed();
    // The loop was left while this event was waited for.
    if (this.#ended) return { done: true, value: undefined };
    const event = this.#options.signal?.aborted === true ? undefined : this.#buffer.shift();
    if (event === undefined) {
      await this.#leave();
      throw this.#failure === undefined ? this.#options.signal?.reason : this.#failure.error;
    }
    if (event.type === "token") this.#delivered++;
    else this.#ended = true;
    this.#producer?.delivered?.(event);
    return { done: false, value: event };
  }

  /**
   * Holds the session's turn until the engine is idle and, where it was stopped, the state is cut to what the consumer
   * has.
   */
  async #runEngine(): Promise<void> {
    const { queue, signal, begin } = this.#options;
    try {
      await queue.run(async (jobSignal) => {
        const producer = await begin(this);
        this.#producer = producer;
        const stop = AbortSignal.any([jobSignal, this.#leaving.signal]);
        try {
          await producer.run((event) => this.#push(event), stop);
        } finally {
          // An engine that was stopped may hold more than it pushed: only `keep` knows where its cells end.
          if (stop.aborted) await this.#cut(producer);
        }
        stop.throwIfAborted();
      }, signal);
    } catch (error) {
      this.#failure = { error };
      this.#wake?.();
    }
  }

  #push(event: DecodeEvent): void {
    if (event.type === "token") this.#generated++;
    this.#buffer.push(event);
    this.#wake?.();
  }

  #pushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #leave(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#leaving.abort(new DOMException("the decode loop was left", "AbortError"));
    await this.#work;
    const producer = this.#producer;
    if (producer === undefined || this.#generated === this.#delivered || this.#options.queue.closed) return;
    // The engine had finished before the consumer left: the cut needs a turn of its own, unless a later call came
    // first.
    await this.#options.queue.run(() => this.#cut(producer));
  }

  async #cut(producer: DecodeProducer): Promise<void> {
    this.#buffer.length = 0;
    if (this.#frozen) return;
    await producer.keep(this.#delivered);
    this.#generated = this.#delivered;
  }
}
