import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const bin = fileURLToPath(new URL("../bin/benchreport.js", import.meta.url));

// Prints the address of each module that is loaded.
const hooks = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from "node:module";
   registerHooks({ load: (url, context, next) => { process._rawDebug(url); return next(url, context); } });`,
)}`;

describe("help", () => {
  it("loads nothing but what reads the command line", async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", hooks, bin, "--help"]);
    expect(stdout).toContain("Usage: benchreport");
    const loaded = stderr.split("\n").filter((url) => url.startsWith("file:"));
    expect(loaded.some((url) => url.includes("/commander/"))).toBe(true);
    expect(
      loaded.filter((url) =>
        /\/(zod|ora|picocolors|string-width|runner|models|contract|backend-\w+|worker)\//.test(url),
      ),
    ).toEqual([]);
  });

  it("lists the commands", async () => {
    const { stdout } = await runCli(["--help"]);
    expect(stdout.match(/^ {2}[a-z]+/gm)?.map((name) => name.trim())).toEqual(
      expect.arrayContaining(["run", "render", "validate", "doctor", "backends"]),
    );
  });

  it("of run names every option, and where an engine's settings are listed", async () => {
    const { stdout } = await runCli(["run", "--help"]);
    for (const option of ["--quick", "--dry-run", "--offline", "--timeout", "--output"])
      expect(stdout).toContain(option);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("`benchreport backends NAME` lists them");
  });
});
