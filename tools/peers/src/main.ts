import { writeFile } from "node:fs/promises";
import path from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { type ResolvedModel, resolveModel } from "@benchreport/models";
import { CommanderError } from "@commander-js/extra-typings";
import { type PeersOptions, parseOptions } from "./options.ts";
import { printTables } from "./print/print-tables.ts";
import { buildPeers } from "./programs/build-peers.ts";
import { runParts } from "./run-parts.ts";
import { readDefaultThreads } from "./session/open-engine.ts";

// npx pnpm@12 bench:peers: tables to stdout, progress to stderr, everything to a JSON file. Exit 0: all that is required
// was met; 3: something was missed; 2: it could not be measured.

const MISSED = 3;
const NOT_MEASURED = 2;

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : NOT_MEASURED;
  else if (BenchreportError.is(error)) {
    console.error([error.message, error.why, error.fix && `fix  ${error.fix}`].filter(Boolean).join("\n"));
    process.exitCode = NOT_MEASURED;
  } else throw error;
}

async function main(options: PeersOptions): Promise<number> {
  const output = path.resolve(process.env["INIT_CWD"] ?? ".", options.output);
  const model = requirePath(await resolveModel({ model: options.model, accepts: "file" }));
  const result = await runParts({
    options,
    model,
    peers: await buildPeers(showProgress),
    threads: options.threads ?? (await readDefaultThreads(model)),
    onProgress: showProgress,
    onPart: (partial) => writeFile(output, `${JSON.stringify(partial, null, 2)}\n`),
  });
  console.log(printTables(result));
  showProgress(`wrote ${output}`);
  return result.requirements?.some(({ outcome }) => outcome === "missed") ? MISSED : 0;
}

function showProgress(line: string): void {
  console.error(line);
}

function requirePath(model: ResolvedModel | undefined): ResolvedModel & { readonly path: string } {
  if (model?.path !== undefined) return { ...model, path: model.path };
  throw new BenchreportError("MODEL_NOT_FOUND", {
    what: "There is no model to measure with.",
    why: "llama.cpp needs a GGUF file.",
    fix: "Pass --model FILE.gguf.",
  });
}
