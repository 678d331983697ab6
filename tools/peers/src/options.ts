import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { type PartName, partNames } from "./peers-result.ts";

export interface PeersOptions {
  readonly only: readonly PartName[];
  readonly rounds: number;
  readonly threads: number | undefined;
  readonly model: string | undefined;
  readonly output: string;
  readonly smoke: boolean;
  readonly allSettings: boolean;
  readonly logitPrompts: number;
}

const LEAST_ROUNDS = 7;
const DEFAULT_ROUNDS = 9;
const PROMPTS_OF_EACH_KIND = 12;

/** Reads the command line. @throws CommanderError, once the reason or the help that was asked for is printed. */
export function parseOptions(parameters: readonly string[]): PeersOptions {
  const options = new Command("bench:peers")
    .description("Measures the session API beside llama-bench and llama-server of the very same llama.cpp release.")
    .option("--only <list>", `parts to run, separated by commas: ${partNames.join(", ")}`, parseParts)
    .option(
      "--rounds <n>",
      `rounds of the speed comparison, at least ${LEAST_ROUNDS}`,
      atLeast(LEAST_ROUNDS),
      DEFAULT_ROUNDS,
    )
    .option("--threads <n>", "threads on both sides (default: the adapter's own choice)", atLeast(1))
    .option("--model <file>", "a GGUF file (default: the default model)")
    .option("--output <path>", "where the JSON goes", "bench-peers.json")
    .option("--all-settings", "speed without flash attention and with a q8_0 cache, too", false)
    .addOption(
      new Option("--logit-prompts <n>", "prompts of each kind whose raw logits are compared at every step")
        .argParser(atLeast(0))
        .default(2),
    )
    .option("--smoke", "tiny sizes: whether everything works, not how fast", false)
    .allowExcessArguments(false)
    .exitOverride()
    .parse([...parameters], { from: "user" })
    .opts();
  return {
    ...options,
    only: options.only ?? partNames,
    threads: options.threads,
    model: options.model,
    logitPrompts: Math.min(options.logitPrompts, PROMPTS_OF_EACH_KIND),
  };
}

function parseParts(text: string): PartName[] {
  const wished = text.split(",").map((part) => part.trim());
  for (const part of wished) {
    if (!partNames.some((name) => name === part)) throw new InvalidArgumentError(`There is no part "${part}".`);
  }
  return partNames.filter((name) => wished.includes(name));
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least)
      throw new InvalidArgumentError(`It must be a whole number from ${least} on.`);
    return value;
  };
}
