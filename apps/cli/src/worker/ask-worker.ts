import { BenchreportError } from "@benchreport/contract";
import { exitCodes } from "../exit-codes.ts";
import type { BackendFacts, DiagnoseJob } from "./protocol.ts";
import { startWorker } from "./start-worker.ts";
import { stopSignals } from "./stopper.ts";

/** Asks adapters in a child process: an engine that cannot even be loaded must not take the command line with it. */
export async function askBackends(job: DiagnoseJob, debug: boolean): Promise<readonly BackendFacts[]> {
  let backends: readonly BackendFacts[] | undefined;
  let failure: unknown;
  const worker = startWorker(job, {
    debug,
    onMessage(message) {
      if (message.type === "error") failure = BenchreportError.deserialize(message.error);
      if (message.type === "bug") failure = Object.assign(new Error(message.message), { stack: message.stack });
      if (message.type !== "backends") return;
      backends = message.backends;
      // It has said everything; an engine that does not let its process end need not be waited for.
      worker.kill();
    },
  });
  const onInterrupt = (): void => {
    worker.kill();
    process.exit(exitCodes.interrupted);
  };
  for (const signal of stopSignals) process.once(signal, onInterrupt);
  const end = await worker.ended.finally(() => {
    for (const signal of stopSignals) process.off(signal, onInterrupt);
  });
  if (backends !== undefined) return backends;
  if (failure !== undefined) throw failure;
  throw new BenchreportError("ENGINE_DIED", {
    what: `The process that looks for engines died (${end.signal ?? `exit code ${end.exitCode}`}).`,
    why: end.lastWords || "It left no word.",
    fix: "Run again with --debug, and report it with what it prints.",
  });
}
