import type { Command } from "@commander-js/extra-typings";
import { debugOption, modelOption, offlineOption, setOption } from "./shared-options.ts";

export function addBackends(program: Command, exitWith: (code: number) => void): void {
  program
    .command("backends")
    .description("List the adapters; with a name, show its settings with type, default and meaning.")
    .argument("[name]", "bundled adapter, package or path")
    .addOption(modelOption("start it with this model, and show what it can do"))
    .addOption(setOption())
    .addOption(offlineOption())
    .option("--json", "print as JSON")
    .addOption(debugOption())
    .action(async (name, options, command) => {
      const { model, set: settings = [], offline = false, json = false, debug = false } = options;
      if (name === undefined && (model !== undefined || settings.length > 0)) {
        command.error("error: --model and --set are for one adapter: name it, as in benchreport backends NAME.");
      }
      const { backends } = await import("../commands/backends.ts");
      exitWith(await backends({ name, model, settings, offline, json, debug }));
    });
}
