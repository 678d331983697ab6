import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Packed, runNpm } from "./pack-workspace.ts";

/** Installs tarballs with npm into a new folder, all in one installation, so that they find one another. */
export async function installPackages(folder: string, packed: readonly Packed[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  const tarballs = packed.map(({ tarball }) => tarball);
  await runNpm("npm", ["install", "--no-audit", "--no-fund", "--foreground-scripts", ...tarballs], folder);
}

/** What the installation of the addon says it did. */
export async function readInstallRecord(folder: string): Promise<{ readonly addon: string; readonly text: string }> {
  return JSON.parse(await readFile(join(addonPackage(folder), "build/install.json"), "utf8"));
}

export function addonPackage(folder: string): string {
  return join(folder, "node_modules/@benchreport/llama-kv");
}

/** Measures a tiny model made on the spot with the installed command line. Its exit code and its report. */
export async function runTinyModel(folder: string): Promise<{ readonly report: unknown; readonly stderr: string }> {
  const writing = `import("@benchreport/llama-kv/tiny-model").then(({ createTinyModel }) =>
    require("node:fs").writeFileSync("tiny.gguf", createTinyModel({ memory: "full", seed: 1 })))`;
  await runNpm("npx", ["--no-install", "node", "--eval", writing], folder);
  // One thread: several that wait for one another take minutes on a busy machine.
  const sizes = ["--set=threads=1", "--stable-tokens=200", "--suffix-tokens=16", "--curve=0,8", "--repetitions=1"];
  const { stdout, stderr } = await runNpm(
    "npx",
    ["--no-install", "benchreport", "run", "--backend=llama", "--model=tiny.gguf", ...sizes, "--json", "--offline"],
    folder,
  );
  return { report: JSON.parse(stdout), stderr };
}
