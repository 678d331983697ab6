import { type Command, Option } from "@commander-js/extra-typings";
import { debugOption } from "./shared-options.ts";

export function addRender(program: Command, exitWith: (code: number) => void): void {
  program
    .command("render")
    .description("Show a report again: as on the terminal, as Markdown for a pull request, as JSON.")
    .argument("<file>", "report written by --output json=FILE; - for standard input")
    .addOption(new Option("--to <kind>", "what to make of it").choices(["terminal", "md", "json"]).default("terminal"))
    .option("--output <file>", "write there instead of printing")
    .addOption(debugOption())
    .action(async (path, { to, output }) => {
      const { render } = await import("../commands/render.ts");
      exitWith(await render({ path, to, output }));
    });
}
