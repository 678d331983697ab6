/**
 * What became of a call that was to be aborted: `reason` when it rejected with the very reason, `finished`, or how else
 * it rejected.
 */
export async function outcomeOf(call: Promise<unknown>, reason: unknown): Promise<string> {
  try {
    await call;
    return "finished";
  } catch (error) {
    return error === reason ? "reason" : `another rejection: ${String(error)}`;
  }
}
