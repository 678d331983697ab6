import { fileURLToPath } from "node:url";
import { locateBinaries } from "../../src/index.ts";
import { type ProgramOutcome, runProgram } from "./run-program.ts";

/** Runs a program of `native/core_test` or `native/engine_test` from a folder of `build`. */
export async function runCoreTest(build: string, env: NodeJS.ProcessEnv = {}): Promise<ProgramOutcome> {
  return runProgram(programIn(build, "llama_kv_core_test"), [], { env });
}

export async function runEngineTest(
  build: string,
  models: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ProgramOutcome> {
  const { found } = await locateBinaries({});
  if (found === undefined) throw new Error("llama.cpp's libraries are not there.");
  return runProgram(programIn(build, "llama_kv_engine_test"), [found.directory, models, ...found.paths], { env });
}

function programIn(build: string, name: string): string {
  return fileURLToPath(new URL(`../../build/${build}/${name}`, import.meta.url));
}
