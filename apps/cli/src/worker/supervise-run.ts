import { BenchreportError } from "@benchreport/contract";
import type { Report, SectionName } from "@benchreport/report";
import { printableLine } from "@benchreport/report/printable";
import { type RunFacts, type Sample, summarise } from "@benchreport/runner";
import { createProgressLine, formatRemaining, formatShare } from "../terminal/progress.ts";
import { writeError } from "../terminal/streams.ts";
import type { FromWorker, RunJob } from "./protocol.ts";
import { startWorker, type WorkerEnd } from "./start-worker.ts";

export interface SupervisedRun {
  /** Complete, or of what was measured before the run was interrupted or its engine died. */
  readonly report: Report | undefined;
  readonly error: unknown;
  readonly interrupted: boolean;
}

/** Ctrl-C, an end asked for, a terminal that was closed. */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** An interrupted child gets this long to hand over its last samples. */
const stopGraceMs = 800;

/** Runs a job in a child process, shows its progress, and keeps what it measured should it die. */
export async function superviseRun(
  job: RunJob,
  options: { readonly progress: boolean; readonly debug: boolean },
): Promise<SupervisedRun> {
  const line = createProgressLine(options.progress);
  const known = createRunLog();
  const warn = (text: string): void => {
    line.clear();
    writeError(`warning  ${printableLine(text)}`);
  };
  const worker = startWorker(job, {
    debug: options.debug,
    onMessage(message) {
      known.note(message);
      if (message.type === "warning") warn(message.text);
      const text = describeProgress(message);
      if (text !== undefined) line.show(text);
      const announcement = known.announcement();
      if (announcement === undefined || !options.progress) return;
      line.clear();
      writeError(printableLine(announcement));
    },
  });
  let interrupts = 0;
  const onInterrupt = (): void => {
    interrupts++;
    if (interrupts > 1) worker.kill();
    else worker.stop();
    setTimeout(() => worker.kill(), stopGraceMs).unref();
  };
  for (const signal of stopSignals) process.on(signal, onInterrupt);
  const end = await worker.ended.finally(() => {
    for (const signal of stopSignals) process.off(signal, onInterrupt);
    line.clear();
  });
  return { ...known.conclude(end, interrupts > 0), interrupted: interrupts > 0 };
}

/** What the parent knows of a run, so that the death of the child loses nothing that was measured. */
function createRunLog() {
  const samples: Sample[] = [];
  let facts: RunFacts | undefined;
  let section: SectionName | undefined;
  let report: Report | undefined;
  let error: unknown;
  let announced = false;
  let notice: string | undefined;
  const start = performance.now();

  function note(message: FromWorker): void {
    if (message.type === "progress") {
      facts = message.progress.facts;
      section = message.progress.section;
      samples.push(...message.progress.samples);
    } else if (message.type === "notice") notice = message.text;
    else if (message.type === "report") report = message.report;
    else if (message.type === "error") error = BenchreportError.deserialize(message.error);
    else if (message.type === "bug") error = Object.assign(new Error(message.message), { stack: message.stack });
  }

  /** The first line, once it is known what runs. */
  function announcement(): string | undefined {
    if (announced || facts === undefined) return undefined;
    announced = true;
    const { version, device, model, settings } = facts.description;
    const threads = typeof settings["threads"] === "number" ? ` · ${settings["threads"]} threads` : "";
    return `${version} · ${device} · ${model.name}${threads}${notice === undefined ? "" : ` (${notice})`}`;
  }

  function conclude(workerEnd: WorkerEnd, interrupted: boolean): Pick<SupervisedRun, "report" | "error"> {
    if (report !== undefined || facts === undefined) {
      const reason = error ?? (interrupted ? undefined : engineDied(workerEnd, "while it was started"));
      return { report, error: report === undefined ? reason : undefined };
    }
    const cause = error ?? (interrupted ? undefined : engineDied(workerEnd, "during the run"));
    const message = cause === undefined ? "the run was interrupted" : messageOf(cause);
    const code = BenchreportError.is(cause) ? cause.code : undefined;
    if (code !== undefined && section !== undefined) {
      samples.push({ kind: "error", section, role: undefined, code, message });
    }
    const stopped = { reason: message, code };
    const end = { durationMs: performance.now() - start, stopped, residentHighWaterBytes: undefined };
    return { report: summarise({ facts, samples, end }), error: cause };
  }

  return { note, announcement, conclude };
}

function engineDied({ exitCode, signal, lastWords }: WorkerEnd, when: string): BenchreportError {
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  return new BenchreportError("ENGINE_DIED", {
    what: `The engine's process died ${when} (${how}).`,
    why: lastWords === "" ? "It left no word." : `Its last words: ${tellingLine(lastWords)}`,
    fix: "Check the model file and the settings; with --debug everything that the engine says is shown.",
    meta: { exitCode, signal },
  });
}

function describeProgress(message: FromWorker): string | undefined {
  if (message.type === "setup") return `${message.text}${formatShare(message.fraction)}`;
  if (message.type !== "progress" || message.progress.now === undefined) return undefined;
  const { now, doneSteps, totalSteps, remainingMs } = message.progress;
  return [now, `step ${doneSteps + 1} of ${totalSteps}`, formatRemaining(remainingMs)]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The line of a process's last output that tells most: the last one that speaks of an error, else the very last. */
function tellingLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s+at |^Node\.js v/.test(line));
  return (lines.findLast((line) => /error|assert|abort|fatal|fail/i.test(line)) ?? lines.at(-1) ?? text).trim();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
