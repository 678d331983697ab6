import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The engine's headers on this machine, and the release that they belong to. */
export interface Headers {
  readonly release: string;
  readonly directory: string;
}

/**
 * Unpacks llama.cpp's headers from the git bundle that node-llama-cpp ships, once per release: nothing is downloaded.
 * The release is read from the same package, so that it is written down nowhere else.
 */
export async function prepareHeaders(buildDirectory: string): Promise<Headers> {
  const source = path.join(locatePackage("node-llama-cpp"), "llama");
  const release = readRelease(await readFile(path.join(source, "binariesGithubRelease.json"), "utf8"));
  const directory = path.join(buildDirectory, "headers", release);
  if (await exists(directory)) return { release, directory };

  const unfinished = `${directory}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(path.dirname(directory), { recursive: true });
  await run("git", ["clone", "--quiet", "--no-checkout", path.join(source, "gitRelease.bundle"), unfinished]);
  await run("git", ["-C", unfinished, "checkout", "--quiet", "HEAD", "--", "include", "ggml/include", "LICENSE"]);
  // Under its own name, packing takes it for this package's licence and leaves that one out.
  await rename(path.join(unfinished, "LICENSE"), path.join(unfinished, "COPYING-llama.cpp"));
  await rm(path.join(unfinished, ".git"), { recursive: true, force: true });
  await rename(unfinished, directory);
  return { release, directory };
}

function locatePackage(name: string): string {
  const searched = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = searched.map((folder) => path.join(folder, name)).find((folder) => isResolvable(folder));
  if (found === undefined) throw new Error(`${name} is not installed: its folder holds the engine's headers.`);
  return found;
}

function isResolvable(folder: string): boolean {
  try {
    createRequire(import.meta.url).resolve(path.join(folder, "package.json"));
    return true;
  } catch {
    return false;
  }
}

function readRelease(json: string): string {
  const { release } = JSON.parse(json) as { release?: unknown };
  if (typeof release !== "string" || release === "")
    throw new Error("node-llama-cpp does not name its llama.cpp release.");
  return release;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
