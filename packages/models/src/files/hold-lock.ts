import { setTimeout } from "node:timers/promises";
import { lock } from "proper-lockfile";

export interface HoldLockOptions {
  readonly signal: AbortSignal | undefined;
  /** Told once, when another process holds the lock. */
  readonly onWait: () => void;
}

const pollMs = 200;
// Its owner renews a lock twice in this time; one that was not renewed belongs to a process that is gone.
const staleMs = 10_000;

/**
 * Waits until this process alone may write a file, and keeps others waiting until the result is disposed of. The lock of
 * a process that died is taken over.
 *
 * @throws What the file system says, or the signal's reason.
 */
export async function holdLock(path: string, { signal, onWait }: HoldLockOptions): Promise<AsyncDisposable> {
  for (let waits = 0; ; waits++) {
    signal?.throwIfAborted();
    const release = await tryToLock(path);
    if (release !== undefined) return { [Symbol.asyncDispose]: () => release().catch(() => undefined) };
    if (waits === 0) onWait();
    await setTimeout(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** `undefined` when another process holds the lock. */
async function tryToLock(path: string): Promise<(() => Promise<void>) | undefined> {
  // A machine that slept may find its lock taken over. Both then write, each to a place of its own, and rename.
  const onCompromised = () => undefined;
  try {
    return await lock(path, { realpath: false, stale: staleMs, onCompromised });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
    throw error;
  }
}
