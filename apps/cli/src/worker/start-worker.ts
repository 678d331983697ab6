import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { printable } from "@benchreport/report/printable";
import type { FromWorker, Job, ToWorker } from "./protocol.ts";

/** How the child process ended. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines that it wrote to its own output: an engine that kills its process explains itself there. */
  readonly lastWords: string;
}

export interface Worker {
  /** Asks the job to stop after the step in hand. */
  stop(): void;
  kill(): void;
  readonly ended: Promise<WorkerEnd>;
}

export interface WorkerOptions {
  readonly onMessage: (message: FromWorker) => void;
  /** Passes on what the child writes to its own output. */
  readonly debug: boolean;
}

/** What is kept of a child's output. */
const lastWordsCharacters = 2000;

/** Starts a job in a child process. An engine may write to stdout: nothing of it reaches ours. */
export function startWorker(job: Job, options: WorkerOptions): Worker {
  const child = fork(fileURLToPath(new URL("./worker-main.js", import.meta.url)), {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "advanced",
  });
  let lastWords = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      lastWords = (lastWords + text).slice(-lastWordsCharacters);
      if (options.debug) process.stderr.write(printable(text));
    });
  }
  child.on("message", (message) => {
    options.onMessage(message as FromWorker);
    if ((message as FromWorker).type === "progress") send(child, { type: "seen" });
  });
  send(child, { type: "job", job });
  return {
    stop: () => send(child, { type: "stop" }),
    kill: () => void child.kill("SIGKILL"),
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode, signal) => resolve({ exitCode, signal, lastWords: lastWords.trim() }));
    }),
  };
}

function send(child: ChildProcess, message: ToWorker): void {
  // A child that is gone cannot be told; how it ended is heard elsewhere.
  if (child.connected) child.send(message, () => undefined);
}
