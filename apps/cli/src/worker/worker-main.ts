import { BenchreportError } from "@benchreport/contract";
import { runDiagnose } from "./diagnose-job.ts";
import type { FromWorker, Job, ToWorker } from "./protocol.ts";
import { runJob } from "./run-job.ts";

// The entry of the child process: engine and runner work here, the parent owns terminal, signals and files.

const stop = new AbortController();
let onSeen: () => void = () => undefined;
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on("SIGINT", () => undefined).on("SIGHUP", () => undefined);
process.on("disconnect", () => process.exit(1));
process.on("message", (message: ToWorker) => {
  if (message.type === "stop") stop.abort(new DOMException("The run was interrupted.", "AbortError"));
  else if (message.type === "seen") onSeen();
  else void work(message.job);
});

async function work(job: Job): Promise<void> {
  try {
    if (job.kind === "diagnose") await runDiagnose(job, stop.signal, tell);
    else await runJob(job, stop.signal, tell);
  } catch (error) {
    await send(describe(error));
  }
  process.disconnect();
}

/** Sends a message; resolves, for progress, when the parent has read it and is idle again. */
async function tell(message: FromWorker): Promise<void> {
  if (message.type !== "progress") return await send(message);
  const seen = new Promise<void>((resolve) => {
    onSeen = resolve;
  });
  await send(message);
  await seen;
}

function describe(error: unknown): FromWorker {
  if (BenchreportError.is(error)) return { type: "error", error: error.serialize() };
  if (!(error instanceof Error)) return { type: "bug", message: String(error), stack: undefined };
  return { type: "bug", message: error.message, stack: error.stack };
}

/** Resolves when the message is on its way, so that the process does not end before. */
function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}
