import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a fake pip does when asked to download; runs with `destination` and `fs` in scope. */
export const behaviours = {
  deliver: (wheel: string) =>
    `fs.copyFileSync(${JSON.stringify(wheel)}, path.join(destination, "fake-1.0-py3-none-any.whl"));`,
  deliverNothing: "",
  fail: (message: string) => `console.error(${JSON.stringify(message)}); process.exit(1);`,
  hangHalfWay: `fs.writeFileSync(path.join(process.env.TMPDIR, "part"), Buffer.alloc(1000));
    process.on("SIGTERM", () => { log("terminated"); process.exit(143); });
    setInterval(() => {}, 1000);`,
};

export interface FakeProgram {
  /** One line for each start: its arguments, or what it noted down. */
  notes(): Promise<readonly string[]>;
}

/** Puts a program into a folder that answers `--version` and behaves as told when asked to download. */
export async function installFakeProgram(folder: string, name: string, behaviour: string): Promise<FakeProgram> {
  await mkdir(folder, { recursive: true });
  const program = join(folder, name);
  const notes = `${program}.notes`;
  await writeFile(
    program,
    `#!${process.execPath}
    const fs = require("node:fs");
    const path = require("node:path");
    const log = (line) => fs.appendFileSync(${JSON.stringify(notes)}, line + "\\n");
    log(process.argv.slice(2).join(" "));
    if (process.argv.includes("--version")) process.exit(0);
    const destination = process.argv[process.argv.indexOf("--dest") + 1];
    ${behaviour}
    `,
  );
  await chmod(program, 0o755);
  return {
    notes: async () => (await readFile(notes, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
  };
}
