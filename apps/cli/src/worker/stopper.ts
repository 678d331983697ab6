import type { Worker } from "./start-worker.ts";

/** Ctrl-C, an end asked for, a terminal that was closed. */
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A child that was asked to stop gets this long to hand over its last samples. */
export const stopGraceMs = 800;

/** Ends a child process: the first word asks, the second kills; whoever does not listen is killed after a grace. */
export interface Stopper {
  stop(): void;
}

export function createStopper(worker: Pick<Worker, "stop" | "kill">): Stopper {
  let asked = false;
  return {
    stop() {
      if (asked) return worker.kill();
      asked = true;
      worker.stop();
      setTimeout(() => worker.kill(), stopGraceMs).unref();
    },
  };
}
