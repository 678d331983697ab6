import type { ProcessOutcome } from "../process/run-process.ts";

/**
 * The sentence of pip's output that says what went wrong. Without a network pip's last error is that no version was
 * found; the reason stands in the
 * warnings before it.
 */
export function explainPipFailure({ exitCode, startError, stdout, stderr }: ProcessOutcome): string {
  if (startError !== undefined) return `pip did not start: ${startError}.`;
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  const retry = lines.findLast((line) => /^WARNING: Retrying/.test(line));
  const connection = retry?.match(/connection broken by '(.*)'/)?.[1];
  const error = lines
    .findLast((line) => line.startsWith("ERROR:"))
    ?.slice("ERROR:".length)
    .trim();
  const last = error ?? lines.findLast((line) => line !== "");
  const reason = last === undefined ? `pip ended with exit code ${exitCode ?? "none"} and without a word.` : last;
  return connection === undefined ? reason : `${reason} (the connection failed: ${connection})`;
}
