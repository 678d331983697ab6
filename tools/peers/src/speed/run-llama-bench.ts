import { runCommand } from "../programs/run-command.ts";
import type { EngineSettings } from "../session/open-engine.ts";
import { parseLlamaBench } from "./parse-llama-bench.ts";
import type { SpeedSizes, SpeedTest, TestSamples } from "./speed-tests.ts";

/**
 * Runs a test in llama-bench once: a process of its own that loads the model, warms up, measures, and ends. Logical batches
 * stay at its default of 2,048 tokens, its best case: one engine call for a whole prefill.
 */
export async function runLlamaBench(
  program: string,
  modelPath: string,
  settings: EngineSettings,
  { repetitions }: SpeedSizes,
  test: SpeedTest,
): Promise<TestSamples[]> {
  const { threads, ubatchTokens, flashAttention, kvCacheTypeK, kvCacheTypeV } = settings;
  const parameters: Readonly<Record<string, string | number>> = {
    "-m": modelPath,
    "-p": test.phase === "prefill" ? test.tokens : 0,
    "-n": test.phase === "decode" ? test.tokens : 0,
    "-d": test.depth,
    "-r": repetitions,
    "-t": threads,
    "-ub": ubatchTokens,
    "-fa": flashAttention,
    "-ctk": kvCacheTypeK,
    "-ctv": kvCacheTypeV,
    // As the adapter opens its contexts.
    "-ngl": 0,
    "-nopo": 1,
    "-o": "json",
  };
  const flat = Object.entries(parameters).flatMap(([name, value]) => [name, String(value)]);
  return parseLlamaBench(await runCommand(program, flat, { purpose: "llama-bench" }), settings);
}
