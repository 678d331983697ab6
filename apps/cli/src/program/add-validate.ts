import type { Command } from "@commander-js/extra-typings";
import { debugOption } from "./shared-options.ts";

export function addValidate(program: Command, exitWith: (code: number) => void): void {
  program
    .command("validate")
    .description("Check that a file is a report; every fault is named with its place.")
    .argument("<file>", "report written by --output json=FILE; - for standard input")
    .addOption(debugOption())
    .action(async (path) => {
      const { validate } = await import("../commands/validate.ts");
      exitWith(await validate(path));
    });
}
