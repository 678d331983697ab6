/** An abort that is to come. */
export interface PendingAbort {
  /** When it came, on the backend's clock; `undefined` while it has not. */
  firedAt(): bigint | undefined;
  /** Takes it back, if it has not come. */
  stop(): void;
}

const nanosecondsPerMillisecond = 1e6;

/** Aborts when so many milliseconds have passed on the backend's clock; `onFire` is called right before. */
export function abortAfter(
  controller: AbortController,
  milliseconds: number,
  reason: unknown,
  clock: { readonly now: () => bigint; readonly virtual: boolean },
  onFire: () => void,
): PendingAbort {
  let fired: bigint | undefined;
  let stopped = false;
  const fire = (): void => {
    if (stopped) return;
    onFire();
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
