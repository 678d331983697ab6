import type { ResolvedModel } from "@benchreport/models";
import { type EngineSettings, openEngine } from "../session/open-engine.ts";
import { measureSession } from "./measure-session.ts";
import type { SpeedSizes, SpeedTest } from "./speed-tests.ts";

// node session-process.ts JOB: our side of one test, as llama-bench is the other: loads, warms up, measures, prints,
// ends.

/** What one process is to do; in JSON, the process's only argument. */
export interface SessionJob {
  readonly model: ResolvedModel;
  readonly settings: EngineSettings;
  readonly sizes: SpeedSizes;
  readonly test: SpeedTest;
}

if (import.meta.main) {
  const job = JSON.parse(process.argv[2] ?? "") as SessionJob;
  await using engine = await openEngine(job.model, job.settings);
  process.stdout.write(JSON.stringify(await measureSession(engine, job.sizes, job.test)));
}
