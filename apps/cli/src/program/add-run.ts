import { type Command, Option } from "@commander-js/extra-typings";
import { growingNumbers, wholeNumber } from "../options/parse-number.ts";
import { collectOutputs } from "../options/parse-pair.ts";
import { debugOption, modelOption, offlineOption, setOption } from "./shared-options.ts";

/** Most tokens that can be asked for on the command line; what fits is the engine's to say. */
const mostTokens = 10_000_000;
const largestSeed = 0x7fffffff;
/** As long as Go's test runner gives a whole test binary. */
const defaultTimeoutSeconds = 600;
/** Timers take no more milliseconds than 31 bits hold. */
const longestTimeoutSeconds = 2_000_000;

export function addRun(program: Command, args: readonly string[], exitWith: (code: number) => void): void {
  program
    .command("run")
    .description("Measure a scenario on an engine, print the report, write it where --output says.")
    .option("--backend <name>", "bundled adapter, package or path; default: the first bundled engine that can run here")
    .addOption(
      modelOption(
        "file, folder, hf:OWNER/REPOSITORY/FILE.gguf or name, as the engine takes it; default: SmolLM2-135M-Instruct",
      ),
    )
    .addOption(setOption())
    .addOption(sized("--stable-tokens <n>", "tokens of the stable prefix (default: 700)", wholeNumber(1, mostTokens)))
    .addOption(sized("--suffix-tokens <n>", "tokens of the suffix (default: 32)", wholeNumber(1, mostTokens)))
    .addOption(
      sized("--curve <list>", "suffix sizes of the curve (default: 0,32,128,256)", growingNumbers(0, mostTokens)),
    )
    .addOption(sized("--decode-tokens <n>", "tokens of each answer (default: 32)", wholeNumber(1, mostTokens)))
    .option("--repetitions <n>", "measured repetitions (default: 5)", wholeNumber(1, 10_000))
    .option(
      "--quick",
      "the smallest run that still proves every claim: 340 stable tokens, suffix 16, curve 0,16,64, answers of 12, " +
        "3 repetitions; options of one's own win",
    )
    .option("--seed <n>", "seed of texts and order (default: 1)", wholeNumber(0, largestSeed))
    .option(
      "--scenario <file>",
      "texts of your own: a JSON file {stable, suffix, changed_suffix, edited_stable, suffix_curve, max_decode}",
    )
    .option("--output <kind=path>", "write the report: json=PATH or md=PATH; repeatable", collectOutputs)
    .option(
      "--timeout <seconds>",
      "how long a turn or a stage of loading may take before the engine counts as hung; 0: for ever (default: 600)",
      wholeNumber(0, longestTimeoutSeconds),
    )
    .option("--dry-run", "load the model, print the steps with their token counts, measure nothing")
    .addOption(offlineOption())
    .option("--json", "print the report as JSON; with --dry-run, the steps")
    .option("--quiet", "print the headline only")
    .addOption(debugOption())
    .action(async (options) => {
      const { run } = await import("../commands/run.ts");
      const { set: settings = [], output: outputs = [], timeout: timeoutSeconds = defaultTimeoutSeconds } = options;
      const { backend, model, scenario, repetitions, offline = false, quick = false, dryRun = false } = options;
      const { json = false, quiet = false, debug = false } = options;
      const sizes = {
        stableTokens: options.stableTokens,
        suffixTokens: options.suffixTokens,
        curveTokens: options.curve,
        decodeTokens: options.decodeTokens,
        seed: options.seed,
      };
      const command = ["benchreport", ...args].map(quote).join(" ");
      const request = { backend, model, settings, offline };
      const job = { kind: "run", ...request, sizes, scenario, repetitions, quick, dryRun, command } as const;
      exitWith(await run({ job, outputs, json, quiet, debug, timeoutSeconds }));
    });
}

/** An option that shapes the built-in scenario, and so makes no sense beside a scenario of one's own. */
function sized<const Flags extends string, T>(flags: Flags, description: string, parse: (text: string) => T) {
  return new Option(flags, description).argParser<T>(parse).conflicts("scenario");
}

/** A word as a shell takes it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
