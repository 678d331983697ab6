import { BenchreportError } from "../errors.ts";

/**
 * Work on a session; `signal` fires when the caller aborts or the session closes, and its reason is what the call
 * rejects with.
 */
export type SessionJob<T> = (signal: AbortSignal) => Promise<T>;

/** Runs a session's calls one after another in the order in which they were made. */
export class SerialQueue {
  readonly #closing = new AbortController();
  #tail: Promise<unknown> = Promise.resolve();

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Runs a job in its turn. A job whose signal fires before its turn never runs, and its caller hears at once.
   *
   * @throws `SESSION_CLOSED` after `close` · the signal's reason.
   */
  async run<T>(job: SessionJob<T>, signal?: AbortSignal | undefined): Promise<T> {
    this.#closing.signal.throwIfAborted();
    signal?.throwIfAborted();
    const abort = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    let begun = false;
    const turn = this.#tail.then(() => {
      abort.throwIfAborted();
      begun = true;
      return job(abort);
    });
    this.#tail = turn.catch(() => undefined);
    return await Promise.race([turn, rejectWhileWaiting(abort, turn, () => !begun)]);
  }

  /** Aborts the job in flight, refuses those that wait, and resolves when none runs. Idempotent. */
  async close(): Promise<void> {
    if (!this.closed) this.#closing.abort(sessionClosed());
    await this.#tail;
  }
}

export function sessionClosed(): BenchreportError {
  return new BenchreportError("SESSION_CLOSED", {
    what: "The session is closed.",
    why: "close() was called, or its backend was closed.",
    fix: "Open a new session with backend.openSession().",
  });
}

/**
 * Rejects when the signal fires while the job still waits; settles with the job otherwise, so that no listener stays
 * behind.
 */
function rejectWhileWaiting<T>(signal: AbortSignal, turn: Promise<T>, waiting: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      if (waiting()) reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    turn.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
