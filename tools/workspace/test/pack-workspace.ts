import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** One packed package. */
export interface Packed {
  readonly name: string;
  readonly tarball: string;
  readonly files: readonly string[];
}

const run = promisify(execFile);
const shell = process.platform === "win32";

/** Packs every package of the workspace that is published, as a release would. */
export async function packWorkspace(root: string, destination: string): Promise<readonly Packed[]> {
  const parameters = ["--yes", "pnpm@12", "--recursive", "--filter=./{apps,packages,native}/*", "pack", "--json"];
  const { stdout } = await run("npx", [...parameters, "--pack-destination", destination], {
    cwd: root,
    shell,
    maxBuffer: 1 << 26,
  });
  const packed = JSON.parse(stdout) as readonly {
    name: string;
    filename: string;
    files: readonly { path: string }[];
  }[];
  return packed.map(({ name, filename, files }) => ({ name, tarball: filename, files: files.map(({ path }) => path) }));
}

/** Runs npm or npx in a folder, without the settings that pnpm hands down to the scripts it starts. */
export async function runNpm(
  command: "npm" | "npx",
  parameters: readonly string[],
  folder: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(pnpm_|npm_(package|lifecycle|command|execpath|node))/i.test(name),
  );
  return run(command, [...parameters], { cwd: folder, shell, env: Object.fromEntries(kept), maxBuffer: 1 << 26 });
}
