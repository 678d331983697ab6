import { fileURLToPath } from "node:url";
import { type ProgramOutcome, runProgram } from "./run-program.ts";

/** Runs test/programs/fuzz. With `FUZZ_TRACE=1` it says what it calls, so that the last line is what killed it. */
export function runFuzz(options: {
  readonly seed: number;
  readonly calls: number;
  readonly models: string;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<ProgramOutcome> {
  const { seed, calls, models, env = {} } = options;
  const program = fileURLToPath(new URL("../programs/fuzz/fuzz.ts", import.meta.url));
  return runProgram(process.execPath, ["--expose-gc", program, `${seed}`, `${calls}`, models], {
    env,
    timeoutMs: TIMEOUT_MS,
  });
}

const TIMEOUT_MS = 280_000;
