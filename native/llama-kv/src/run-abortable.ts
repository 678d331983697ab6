import { loadAddon, type NativeAbortFlag } from "./addon.ts";
import { convertNativeError } from "./convert-native-error.ts";
import { requireSignal } from "./require.ts";

/**
 * Runs one native call under a caller's signal. Aborted before it began, the call is not made at all; aborted later, it
 * rejects with the signal's reason once the engine has stopped. What had completed by then resolves.
 */
export async function runAbortable<T>(
  signal: AbortSignal | undefined,
  start: (abort: NativeAbortFlag) => Promise<T>,
): Promise<T> {
  requireSignal(signal)?.throwIfAborted();
  const flag = new (loadAddon().AbortFlag)();
  const raise = (): void => flag.raise();
  signal?.addEventListener("abort", raise, { once: true });
  try {
    return await start(flag);
  } catch (error) {
    throw convertNativeError(error, signal);
  } finally {
    signal?.removeEventListener("abort", raise);
  }
}

/** Runs a native call that can not be aborted. */
export async function runNative<T>(start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    throw convertNativeError(error);
  }
}

/** As {@link runNative}, for calls that answer at once. */
export function callNative<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw convertNativeError(error);
  }
}
