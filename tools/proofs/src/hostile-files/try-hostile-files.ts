import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createTinyModel, type TinyModelOptions } from "@benchreport/llama-kv/tiny-model";
import { mutateFile } from "./mutate-file.ts";
import { runHostileFile } from "./run-hostile-file.ts";

export interface HostileFiles {
  /** How often each outcome came. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Files that were not taken as promised: how to make each of them again, and what was seen. */
  readonly failures: readonly string[];
}

/**
 * Damages tiny models in as many ways and runs each through the command line. File `i` of a seed depends on nothing
 * else, so `{ seed, first: i, count: 1 }` is that file again.
 */
export async function tryHostileFiles(options: {
  readonly seed: number;
  readonly count: number;
  readonly first?: number | undefined;
}): Promise<HostileFiles> {
  const { seed, count, first = 0 } = options;
  const folder = await mkdtemp(join(tmpdir(), "benchreport-hostile-"));
  const scenario = join(folder, "scenario.json");
  await writeFile(scenario, JSON.stringify(SCENARIO));
  const outcomes: Record<string, number> = {};
  const failures: string[] = [];
  let next = first;

  async function work(): Promise<void> {
    while (next < first + count) {
      const index = next;
      next += 1;
      const { bytes, mutations } = makeHostileFile(seed, index);
      const file = join(folder, `${index}.gguf`);
      await writeFile(file, bytes);
      const { outcome, promised, stderr } = await runHostileFile(file, scenario);
      await rm(file);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (!promised) failures.push(`seed ${seed}, file ${index}: ${mutations.join("; ")}\n${outcome}\n${stderr}`);
    }
  }

  try {
    await Promise.all(Array.from({ length: PROCESSES }, work));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { outcomes, failures };
}

/** One file of a seed. */
export function makeHostileFile(seed: number, index: number): ReturnType<typeof mutateFile> {
  const memory = MEMORIES[index % MEMORIES.length] ?? "full";
  const { bytes, mutations } = mutateFile(models(memory), createRandom(Math.imul(seed, 0x9e3779b1) ^ index));
  return { bytes, mutations: [memory, ...mutations] };
}

/** Runs at once. */
const PROCESSES = 2;

const MEMORIES: readonly TinyModelOptions["memory"][] = [
  "full",
  "sliding_window",
  "full",
  "recurrent",
  "full",
  "hybrid",
  "none",
];

/** As little as a run can be made of: the file is what is tried. */
const SCENARIO = {
  stable: "The harbour was quiet that morning, and the letter had not come.",
  suffix: "Who wrote it?",
  max_decode: 2,
};

const made = new Map<TinyModelOptions["memory"], Uint8Array>();

function models(memory: TinyModelOptions["memory"]): Uint8Array {
  const bytes = made.get(memory) ?? createTinyModel({ memory, seed: 1, trainedContextTokens: 256 });
  made.set(memory, bytes);
  return bytes;
}
