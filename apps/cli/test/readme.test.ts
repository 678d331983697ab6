import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

it("the README's commands run, one after the other", async () => {
  const cwd = await temporaryFolder();
  const lines = /```sh\n(.*?)```/s.exec(readme)?.[1]?.trim().split("\n") ?? [];
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const [program, ...args] = line.split(" ");
    expect(program).toBe("benchreport");
    expect(await runCli(args, { cwd }), line).toMatchObject({ exitCode: 0 });
  }
  expect(await readFile(join(cwd, "pull-request.md"), "utf8")).toBe(await readFile(join(cwd, "report.md"), "utf8"));
});

it("the README names every command and option, and no other", async () => {
  const { stdout } = await runCli(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)]
    .map((match) => match[1] ?? "")
    .filter((name) => name !== "help");
  const known = new Set(["--help"]);
  for (const command of commands) {
    expect(readme).toContain(`\`${command}`);
    const help = await runCli([command, "--help"]);
    for (const [option] of help.stdout.matchAll(/--[a-z-]+/g)) known.add(option);
  }
  const named = new Set(
    [...readme.matchAll(/--[a-z-]{2,}/g)].map(([option]) => option).filter((option) => !/^-+$/.test(option)),
  );
  expect([...named].sort()).toEqual([...known].sort());
});
