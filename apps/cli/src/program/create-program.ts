import { Command } from "@commander-js/extra-typings";
import { writeError, writeOutput } from "../terminal/streams.ts";
import { version } from "../version.ts";
import { addBackends } from "./add-backends.ts";
import { addDoctor } from "./add-doctor.ts";
import { addRender } from "./add-render.ts";
import { addRun } from "./add-run.ts";
import { addValidate } from "./add-validate.ts";

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
  addRender(program, exitWith);
  addValidate(program, exitWith);
  addDoctor(program, exitWith);
  addBackends(program, exitWith);
  return program as Command;
}
