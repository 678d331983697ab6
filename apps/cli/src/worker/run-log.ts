import { type BackendDescription, BenchreportError } from "@benchreport/contract";
import type { Report, SectionName } from "@benchreport/report";
import { type RunFacts, type Sample, summarise } from "@benchreport/runner";
import type { FromWorker } from "./protocol.ts";
import type { WorkerEnd } from "./start-worker.ts";

/** What came of a run, as far as its parent process knows. */
export interface RunOutcome {
  /** Complete, or of what was measured before the run was interrupted or its engine died. */
  readonly report: Report | undefined;
  /** What a dry run would do. */
  readonly forecast: ForecastMessage | undefined;
  readonly error: unknown;
}

/** What the parent knows of a run, so that the end of the child loses nothing that was measured. */
export interface RunLog {
  note(message: FromWorker): void;
  /** What the run is doing, in words; `undefined` before the first word of it. */
  doing(): string | undefined;
  /** The first line, once it is known what runs; once. */
  announcement(): string | undefined;
  /** The report that the child made, else one of what it had measured, with the reason for its end. */
  conclude(end: WorkerEnd, stopped: { readonly interrupted: boolean; readonly error: unknown }): RunOutcome;
}

type ForecastMessage = Extract<FromWorker, { readonly type: "forecast" }>;

export function createRunLog(): RunLog {
  const samples: Sample[] = [];
  let facts: RunFacts | undefined;
  let section: SectionName | undefined;
  let now: string | undefined;
  let report: Report | undefined;
  let forecast: ForecastMessage | undefined;
  let error: unknown;
  let announced = false;
  let notice: string | undefined;
  const start = performance.now();

  return {
    note(message) {
      if (message.type === "setup") now = message.text;
      else if (message.type === "progress") {
        ({ facts, section, now } = message.progress);
        samples.push(...message.progress.samples);
      } else if (message.type === "notice") notice = message.text;
      else if (message.type === "report") report = message.report;
      else if (message.type === "forecast") forecast = message;
      else if (message.type === "error") error = BenchreportError.deserialize(message.error);
      else if (message.type === "bug") error = Object.assign(new Error(message.message), { stack: message.stack });
    },
    doing: () => now,
    announcement() {
      if (announced || facts === undefined) return undefined;
      announced = true;
      return `${describeEngine(facts.description)}${notice === undefined ? "" : ` (${notice})`}`;
    },
    conclude(end, stopped) {
      const known = stopped.error ?? error;
      if (report !== undefined || forecast !== undefined) return { report, forecast, error: undefined };
      if (facts === undefined) {
        return {
          report,
          forecast,
          error: known ?? (stopped.interrupted ? undefined : engineDied(end, "while it was started")),
        };
      }
      const cause = known ?? (stopped.interrupted ? undefined : engineDied(end, "during the run"));
      const reason = cause === undefined ? "the run was interrupted" : messageOf(cause);
      const code = BenchreportError.is(cause) ? cause.code : undefined;
      if (code !== undefined && section !== undefined) {
        samples.push({ kind: "error", section, role: undefined, code, message: reason });
      }
      const runEnd = {
        durationMs: performance.now() - start,
        stopped: { reason, code },
        residentHighWaterBytes: undefined,
      };
      return { report: summarise({ facts, samples, end: runEnd }), forecast, error: cause };
    },
  };
}

/** What runs, on one line. */
export function describeEngine({ version, device, model, settings }: BackendDescription): string {
  const threads = settings["threads"];
  const parts = [version, device, model.name];
  if (typeof threads === "number") parts.push(threads === 1 ? "1 thread" : `${threads} threads`);
  return parts.join(" · ");
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

/** The line of a process's last output that tells most: the last one that speaks of an error, else the very last. */
function tellingLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s+at |^Node\.js v/.test(line));
  return (lines.findLast((line) => /error|assert|abort|fatal|fail/i.test(line)) ?? lines.at(-1) ?? text).trim();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
