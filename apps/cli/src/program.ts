import { Command, Option } from "@commander-js/extra-typings";
import { growingNumbers, wholeNumber } from "./options/parse-number.ts";
import { collectPairs, type Pair } from "./options/parse-pair.ts";
import { writeError, writeOutput } from "./terminal/streams.ts";
import { version } from "./version.ts";

/** Most tokens that can be asked for on the command line; what fits is the engine's to say. */
const mostTokens = 10_000_000;
const largestSeed = 0x7fffffff;
/** As long as Go's test runner gives a whole test binary. */
const defaultTimeoutSeconds = 600;
/** Timers take no more milliseconds than 31 bits hold. */
const longestTimeoutSeconds = 2_000_000;

/** The command line: what can be said, and which module does it. Each command's module is loaded only when it runs. */
export function createProgram(args: readonly string[], exitWith: (code: number) => void): Command {
  const program = new Command("benchreport")
    .description("What a warm KV prefix really saves on this machine, measured and proved.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureOutput({ writeOut: writeOutput, writeErr: writeError })
    .showSuggestionAfterError()
    .showHelpAfterError("  fix  See benchreport --help.");
  addRun(program, args, exitWith);
  addValidate(program, exitWith);
  addDoctor(program, exitWith);
  addBackends(program, exitWith);
  return program as Command;
}

function addRun(program: Command, args: readonly string[], exitWith: (code: number) => void): void {
  program
    .command("run")
    .description("Measure a scenario on an engine, print the report, write it where --output says.")
    .option("--backend <name>", "bundled adapter, package or path; default: the first bundled engine that can run here")
    .addOption(modelOption("model of the engine; default: SmolLM2-135M-Instruct, fetched on first use"))
    .addOption(sized("--stable-tokens <n>", "tokens of the stable prefix (default: 700)", wholeNumber(1, mostTokens)))
    .addOption(sized("--suffix-tokens <n>", "tokens of the suffix (default: 32)", wholeNumber(1, mostTokens)))
    .addOption(
      sized("--curve <list>", "suffix sizes of the curve (default: 0,32,128,256)", growingNumbers(0, mostTokens)),
    )
    .addOption(sized("--decode-tokens <n>", "tokens of each answer (default: 32)", wholeNumber(1, mostTokens)))
    .option("--repetitions <n>", "measured repetitions (default: 5)", wholeNumber(1, 10_000))
    .option("--seed <n>", "seed of texts and order (default: 1)", wholeNumber(0, largestSeed))
    .option(
      "--scenario <file>",
      "texts of your own: a JSON file {stable, suffix, changed_suffix, edited_stable, suffix_curve, max_decode}",
    )
    .addOption(setOption())
    .addOption(offlineOption())
    .option(
      "--output <kind=path>",
      "write the report, for example json=report.json; repeatable",
      collectPairs,
      [] as Pair[],
    )
    .option(
      "--timeout <seconds>",
      "how long a turn or a stage of loading may take before the engine counts as hung; 0: for ever (default: 600)",
      wholeNumber(0, longestTimeoutSeconds),
    )
    .option("--json", "print the report as JSON")
    .option("--quiet", "print the headline only")
    .option("--debug", "show what the engine writes, and stack traces")
    .action(async (options) => {
      const { run } = await import("./commands/run.ts");
      const {
        backend,
        model,
        scenario,
        repetitions,
        offline = false,
        json = false,
        quiet = false,
        debug = false,
      } = options;
      const { set: settings = [], output: outputs = [] } = options;
      const sizes = {
        stableTokens: options.stableTokens,
        suffixTokens: options.suffixTokens,
        curveTokens: options.curve,
        decodeTokens: options.decodeTokens,
        seed: options.seed,
      };
      const command = ["benchreport", ...args].map(quote).join(" ");
      const job = {
        kind: "run",
        backend,
        model,
        settings,
        offline,
        sizes,
        scenario,
        repetitions,
        command,
      } as const;
      exitWith(
        await run({ job, outputs, json, quiet, debug, timeoutSeconds: options.timeout ?? defaultTimeoutSeconds }),
      );
    });
}

function addValidate(program: Command, exitWith: (code: number) => void): void {
  program
    .command("validate")
    .description("Check that a file is a report; every fault is named with its place.")
    .argument("<file>", "report written by --output json=FILE")
    .option("--debug", "show stack traces")
    .action(async (path) => {
      const { validate } = await import("./commands/validate.ts");
      exitWith(await validate(path));
    });
}

function addDoctor(program: Command, exitWith: (code: number) => void): void {
  program
    .command("doctor")
    .description("Show which engines can run here, and for what is missing what to do.")
    .option("--json", "print as JSON")
    .option("--debug", "show what the engines write, and stack traces")
    .action(async (options) => {
      const { doctor } = await import("./commands/doctor.ts");
      const { json = false, debug = false } = options;
      exitWith(await doctor({ json, debug }));
    });
}

function addBackends(program: Command, exitWith: (code: number) => void): void {
  program
    .command("backends")
    .description("List the adapters; with a name, show its settings with type, default and meaning.")
    .argument("[name]", "bundled adapter, package or path")
    .addOption(modelOption("start it with this model, and show what it can do"))
    .addOption(setOption())
    .addOption(offlineOption())
    .option("--json", "print as JSON")
    .option("--debug", "show what the engines write, and stack traces")
    .action(async (name, options, command) => {
      const { backends } = await import("./commands/backends.ts");
      const { model, set: settings = [], offline = false, json = false, debug = false } = options;
      if (name === undefined && (model !== undefined || settings.length > 0)) {
        command.error("error: --model and --set are for one adapter: name it, as in benchreport backends NAME.");
      }
      exitWith(await backends({ name, model, settings, offline, json, debug }));
    });
}

function modelOption(description: string) {
  return new Option("--model <path>", description);
}

function setOption() {
  return new Option(
    "--set <key=value>",
    "a setting of the engine; repeatable. See benchreport backends NAME",
  ).argParser(collectPairs);
}

function offlineOption() {
  return new Option("--offline", "never touch a network for a model");
}

/** An option that shapes the built-in scenario, and so makes no sense beside a scenario of one's own. */
function sized<const Flags extends string, T>(flags: Flags, description: string, parse: (text: string) => T) {
  return new Option(flags, description).argParser<T>(parse).conflicts("scenario");
}

/** A word as a shell takes it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
