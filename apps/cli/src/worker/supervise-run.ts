import { BenchreportError } from "@benchreport/contract";
import { printableLine } from "@benchreport/report/printable";
import { createProgressLine, formatRemaining, formatShare } from "../terminal/progress.ts";
import { writeError } from "../terminal/streams.ts";
import { createDeadline } from "./deadline.ts";
import type { FromWorker, RunJob } from "./protocol.ts";
import { createRunLog, type RunOutcome } from "./run-log.ts";
import { startWorker } from "./start-worker.ts";
import { createStopper, stopSignals } from "./stopper.ts";

export interface SuperviseOptions {
  readonly progress: boolean;
  readonly debug: boolean;
  /** How long the child may be silent before it counts as hung; 0: for ever. */
  readonly timeoutSeconds: number;
}

export interface SupervisedRun extends RunOutcome {
  readonly interrupted: boolean;
}

/** An engine whose report is safe gets this long to close. */
const closeGraceMs = 10_000;

/** Runs a job in a child process, shows its progress, and keeps what it measured should it die or hang. */
export async function superviseRun(job: RunJob, options: SuperviseOptions): Promise<SupervisedRun> {
  const line = createProgressLine(options.progress);
  const known = createRunLog();
  const say = (text: string): void => {
    line.clear();
    writeError(printableLine(text));
  };
  let hung: BenchreportError | undefined;
  let interrupted = false;
  let reported = false;
  const worker = startWorker(job, {
    debug: options.debug,
    onMessage(message) {
      // What a child that was given up still says is of no step that anybody waits for.
      if (hung !== undefined) return;
      reported ||= message.type === "report" || message.type === "forecast";
      deadline.extend(reported ? closeGraceMs : undefined);
      known.note(message);
      if (message.type === "warning") say(`warning  ${message.text}`);
      const text = describeProgress(message);
      if (text !== undefined) line.show(text);
      const announcement = known.announcement();
      if (announcement !== undefined && options.progress) say(announcement);
    },
  });
  const stopper = createStopper(worker);
  const deadline = createDeadline(options.timeoutSeconds * 1000, () => {
    if (reported) say("warning  the engine did not close, and was killed");
    hung = timedOut(known.doing(), options.timeoutSeconds);
    stopper.stop();
  });
  const onInterrupt = (): void => {
    interrupted = true;
    stopper.stop();
  };
  for (const signal of stopSignals) process.on(signal, onInterrupt);
  const end = await worker.ended.finally(() => {
    for (const signal of stopSignals) process.off(signal, onInterrupt);
    deadline.end();
    line.clear();
  });
  return { ...known.conclude(end, { interrupted, error: hung }), interrupted };
}

function timedOut(doing: string | undefined, seconds: number): BenchreportError {
  return new BenchreportError("TIMEOUT", {
    what: `The engine did not answer within ${seconds} s${doing === undefined ? "" : ` (${doing})`}.`,
    why: "A call hangs, or takes longer than that on this machine.",
    fix: "Raise --timeout, or ask for fewer tokens; --timeout 0 waits for ever.",
    meta: { seconds, doing: doing ?? null },
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
