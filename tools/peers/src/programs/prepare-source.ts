import { readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { runCommand } from "./run-command.ts";

/** Of the whole source, what the two programs are compiled from. */
const NEEDED = [
  "include",
  "ggml/include",
  "common",
  "vendor",
  "cmake",
  "scripts",
  "src",
  "tools/llama-bench",
  "tools/server",
  "tools/mtmd",
  "tools/ui",
  "LICENSE",
];

/**
 * Unpacks llama.cpp's source from the git bundle that node-llama-cpp ships: nothing is downloaded.
 *
 * @throws `ENGINE_UNAVAILABLE` where the bundle is of another release than the libraries.
 */
export async function prepareSource(release: string, directory: string): Promise<void> {
  const bundle = path.join(await locatePackage("node-llama-cpp"), "llama");
  const bundled = JSON.parse(await readFile(path.join(bundle, "binariesGithubRelease.json"), "utf8")) as {
    readonly release?: unknown;
  };
  if (bundled.release !== release) throw otherRelease(release, String(bundled.release));

  const unfinished = `${directory}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  const purpose = "Unpacking llama.cpp's source";
  const file = path.join(bundle, "gitRelease.bundle");
  await runCommand("git", ["clone", "--quiet", "--no-checkout", file, unfinished], { purpose });
  await runCommand("git", ["-C", unfinished, "checkout", "--quiet", "HEAD", "--", ...NEEDED], { purpose });
  await rm(path.join(unfinished, ".git"), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
  await rename(unfinished, directory);
}

/** The package's `exports` hide the folder that holds the bundle, so its place is found by hand. */
async function locatePackage(name: string): Promise<string> {
  for (const searched of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const folder = path.join(searched, name);
    if (await exists(path.join(folder, "package.json"))) return folder;
  }
  throw new BenchreportError("ENGINE_UNAVAILABLE", {
    what: `${name} is not installed.`,
    why: "Its folder holds llama.cpp's source.",
    fix: "npx pnpm@12 install",
    meta: { package: name },
  });
}

function otherRelease(installed: string, bundled: string): BenchreportError {
  return new BenchreportError("ENGINE_UNAVAILABLE", {
    what: `The installed libraries are llama.cpp ${installed}, the bundled source is ${bundled}.`,
    why: "A comparison with another release would measure llama.cpp's own changes.",
    fix: "Install the same version of node-llama-cpp and of the @node-llama-cpp packages.",
    meta: { installed, bundled },
  });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
