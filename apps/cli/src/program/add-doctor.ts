import type { Command } from "@commander-js/extra-typings";
import { debugOption } from "./shared-options.ts";

export function addDoctor(program: Command, exitWith: (code: number) => void): void {
  program
    .command("doctor")
    .description("Show which engines can run here, and for what is missing what to do.")
    .option("--json", "print as JSON")
    .addOption(debugOption())
    .action(async ({ json = false, debug = false }) => {
      const { doctor } = await import("../commands/doctor.ts");
      exitWith(await doctor({ json, debug }));
    });
}
