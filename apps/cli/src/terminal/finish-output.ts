let outputError: Error | undefined;

/** Whoever read our output and has seen enough closes it: that is no failure, and files are written all the same. */
export function watchStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") outputError = error;
  });
  // Where errors cannot be told there is nobody to tell that to.
  process.stderr.on("error", () => undefined);
}

/** Waits until all was taken from stdout. @throws `OUTPUT_INVALID` when it could not be written, as on a full disk. */
export async function finishOutput(): Promise<void> {
  await new Promise((resolve) => process.stdout.write("", resolve));
  if (outputError === undefined) return;
  const { BenchreportError } = await import("@benchreport/contract");
  throw new BenchreportError("OUTPUT_INVALID", {
    what: "The report cannot be printed.",
    why: outputError.message,
    fix: "Free the place that stdout leads to, or pass --output json=PATH.",
    cause: outputError,
  });
}
