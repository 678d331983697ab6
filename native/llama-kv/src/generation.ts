import { loadAddon, type NativeAbortFlag, type NativeGenerateResult, type NativeOnToken } from "./addon.ts";
import { convertNativeError } from "./convert-native-error.ts";

export interface GeneratedToken {
  readonly type: "token";
  readonly id: number;
  /** The token's own bytes, which may end inside a character. */
  readonly bytes: Uint8Array;
  /** Text that became complete with this token; empty while a character is unfinished. */
  readonly text: string;
  /** When the engine had chosen it: nanoseconds on the clock of `process.hrtime.bigint()`. */
  readonly at: bigint;
  /** Natural logarithm of its softmax probability at temperature 1. */
  readonly logProbability: number | undefined;
  /** Its logit minus the best other one. */
  readonly margin: number | undefined;
}

export interface GenerationFinish {
  readonly type: "finish";
  /**
   * `stop`: a token ended it, which has neither event nor cell. `context_full`: no cell was free for the next token.
   */
  readonly reason: "stop" | "length" | "context_full";
  /** Token events before this one. */
  readonly outputTokens: number;
  readonly at: bigint;
}

export type GenerationEvent = GeneratedToken | GenerationFinish;

/** Where a generation stands when its engine is idle. */
export interface GenerationState {
  /** Tokens that were chosen and given out. */
  readonly generatedTokens: number;
  /** Of those, tokens that were evaluated and are resident: all, or all but the last. */
  readonly evaluatedTokens: number;
}

type Start = (abort: NativeAbortFlag, onToken: NativeOnToken) => Promise<NativeGenerateResult>;

/**
 * A running generation: one event per token, then one `finish`. Events are buffered without limit, so a slow reader
 * never slows the engine. Leaving a `for await` loop stops the engine. Can be walked once.
 */
export class Generation implements AsyncIterableIterator<GenerationEvent> {
  readonly #signal: AbortSignal | undefined;
  readonly #flag: NativeAbortFlag = new (loadAddon().AbortFlag)();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #ended: Promise<GenerationState>;
  #buffer: GenerationEvent[] = [];
  /** Readers that wait: several next() calls may be open at once. */
  #waiting: (() => void)[] = [];
  #isDone = false;
  #isStopped = false;

  /** @internal Use `context.generate()`. */
  constructor(signal: AbortSignal | undefined, start: Start) {
    this.#signal = signal;
    this.#ended = signal?.aborted ? Promise.resolve(NOTHING) : this.#run(start);
    // Its outcome reaches whoever calls next() or stop(); until then a failure is not an unhandled one.
    this.#ended.catch(() => undefined).finally(() => this.#end());
  }

  /** The next event. Rejects with the signal's reason after an abort, once the engine is idle. */
  async next(): Promise<IteratorResult<GenerationEvent, undefined>> {
    for (;;) {
      if (this.#isStopped) return { done: true, value: undefined };
      if (this.#signal?.aborted) {
        this.#isStopped = true;
        await this.#ended;
        throw this.#signal.reason;
      }
      const event = this.#buffer.shift();
      if (event !== undefined) {
        if (event.type === "finish") this.#isStopped = true;
        return { done: false, value: event };
      }
      if (this.#isDone) {
        this.#isStopped = true;
        await this.#ended;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Stops the engine, drops what was not read, and waits until it is idle. @throws what the engine failed with. */
  stop(): Promise<GenerationState> {
    this.#isStopped = true;
    this.#flag.raise();
    this.#wake();
    return this.#ended;
  }

  /** Called by a loop that is left. */
  async return(): Promise<IteratorResult<GenerationEvent, undefined>> {
    await this.stop().catch(() => undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #run(start: Start): Promise<GenerationState> {
    const raise = (): void => {
      this.#flag.raise();
      this.#wake();
    };
    this.#signal?.addEventListener("abort", raise, { once: true });
    try {
      const result = await start(this.#flag, (...token) => this.#push(this.#convertToken(...token)));
      const { reason, at, generatedTokens, evaluatedTokens } = result;
      if (reason !== "aborted") this.#push({ type: "finish", reason, outputTokens: generatedTokens, at });
      return { generatedTokens, evaluatedTokens };
    } catch (error) {
      throw convertNativeError(error, this.#signal);
    } finally {
      this.#signal?.removeEventListener("abort", raise);
    }
  }

  #convertToken(...[id, bytes, at, logProbability, margin]: Parameters<NativeOnToken>): GeneratedToken {
    const text = this.#decoder.decode(bytes, { stream: true });
    return { type: "token", id, bytes, text, at, logProbability, margin };
  }

  #push(event: GenerationEvent): void {
    this.#buffer.push(event);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #end(): void {
    this.#isDone = true;
    this.#wake();
  }
}

const NOTHING: GenerationState = { generatedTokens: 0, evaluatedTokens: 0 };
