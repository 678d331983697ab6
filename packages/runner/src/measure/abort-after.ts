/**
 * Aborts `controller` when so many milliseconds have passed on the backend's clock, and gives the moment in which it
 * did; cancel with `stop`.
 */
export interface PendingAbort {
  /** When the abort came, on the backend's clock; `undefined` while it has not. */
  firedAt(): bigint | undefined;
  stop(): void;
}

const nanosecondsPerMillisecond = 1e6;

export function abortAfter(
  controller: AbortController,
  milliseconds: number,
  reason: unknown,
  clock: { readonly now: () => bigint; readonly virtual: boolean },
): PendingAbort {
  let fired: bigint | undefined;
  let stopped = false;
  const fire = (): void => {
    if (stopped) return;
    fired = clock.now();
    controller.abort(reason);
  };
  const due = clock.now() + BigInt(Math.round(milliseconds * nanosecondsPerMillisecond));
  // A virtual clock moves only while the engine works: it is watched, not waited for.
  const watch = (): void => {
    if (stopped) return;
    if (clock.now() >= due) fire();
    else setImmediate(watch);
  };
  const timer = clock.virtual ? undefined : setTimeout(fire, milliseconds);
  if (clock.virtual) setImmediate(watch);
  return {
    firedAt: () => fired,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
