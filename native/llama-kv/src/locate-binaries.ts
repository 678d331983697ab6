import { readdir, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { loadAddon } from "./addon.ts";
import { type LibraryFiles, readLibraryFiles } from "./library-files.ts";
import type { Accelerator, LocateOptions } from "./library-options.ts";
import { requireOneOf, requireString } from "./require.ts";

/** A place where llama.cpp's libraries were looked for. */
export interface LocateAttempt {
  /** `binariesDirectory`, `LLAMA_KV_BINARIES`, or a package's name. */
  readonly source: string;
  readonly directory: string | undefined;
  /** `found`, or why not. */
  readonly outcome: string;
  /** What the directory is built from, where it says so. */
  readonly release: string | undefined;
}

/** Where llama.cpp's libraries are, and all that was looked at. */
export interface LocateResult {
  readonly found: LibraryFiles | undefined;
  /** The release that this addon needs. */
  readonly expectedRelease: string;
  readonly tried: readonly LocateAttempt[];
}

/** Names a directory instead of the installed packages. */
export const BINARIES_VARIABLE = "LLAMA_KV_BINARIES";

/**
 * Looks for llama.cpp's libraries: `binariesDirectory`, else the directory in `LLAMA_KV_BINARIES`, else the installed
 * `@node-llama-cpp/*` packages of this platform. A directory that somebody named is the only one tried.
 *
 * @throws {LlamaKvError} ADDON_NOT_BUILT. Finding nothing is a result.
 */
export async function locateBinaries(options: LocateOptions = {}): Promise<LocateResult> {
  const expectedRelease = loadAddon().release;
  const tried: LocateAttempt[] = [];
  for (const { source, directory } of await listCandidates(options)) {
    const files = directory === undefined ? "is not installed" : await readLibraryFiles(directory);
    const release = typeof files === "string" ? undefined : files.release;
    const outcome = typeof files === "string" ? files : judgeRelease(release, expectedRelease);
    tried.push({ source, directory, outcome, release });
    if (outcome === FOUND && typeof files !== "string") return { found: files, expectedRelease, tried };
  }
  return { found: undefined, expectedRelease, tried };
}

const FOUND = "found";
const ACCELERATORS: readonly Accelerator[] = ["cpu", "cuda", "vulkan", "auto"];

interface Candidate {
  readonly source: string;
  readonly directory: string | undefined;
}

// A directory without metadata is judged when it is opened: the library itself knows its version.
function judgeRelease(release: string | undefined, expected: string): string {
  return release === undefined || release === expected
    ? FOUND
    : `is of release ${release}, this addon needs ${expected}`;
}

async function listCandidates(options: LocateOptions): Promise<Candidate[]> {
  const accelerator = requireOneOf("accelerator", options.accelerator ?? "cpu", ACCELERATORS);
  if (options.binariesDirectory !== undefined) {
    const directory = requireString("binariesDirectory", options.binariesDirectory);
    return [{ source: "binariesDirectory", directory: await resolveDirectory(directory) }];
  }
  const named = process.env[BINARIES_VARIABLE];
  if (named) return [{ source: BINARIES_VARIABLE, directory: await resolveDirectory(named) }];
  return Promise.all(
    listPackages(process.platform, process.arch, accelerator).map(async (source) => ({
      source,
      directory: await findPackageBinaries(source),
    })),
  );
}

/** The packages that hold this platform's libraries, best first. */
export function listPackages(platform: string, arch: string, accelerator: Accelerator): string[] {
  const system = { linux: "linux", darwin: "mac", win32: "win" }[platform];
  if (system === undefined) return [];
  const base = `@node-llama-cpp/${system}-${arch === "arm" ? "armv7l" : arch}`;
  const cpu = platform === "darwin" && arch === "arm64" ? `${base}-metal` : base;
  const accelerated = {
    cpu: [],
    cuda: [`${base}-cuda`],
    vulkan: [`${base}-vulkan`],
    auto: [`${base}-cuda`, `${base}-vulkan`],
  };
  return accelerator === "cpu" || accelerator === "auto"
    ? [...accelerated[accelerator], cpu]
    : accelerated[accelerator];
}

// One path for one directory: the process-wide library is recognised by it.
async function resolveDirectory(directory: string): Promise<string> {
  return realpath(directory).catch(() => path.resolve(directory));
}

async function findPackageBinaries(name: string): Promise<string | undefined> {
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
  // <package>/dist/index.js beside <package>/bins/<build>/
  const bins = path.join(path.dirname(entry), "..", "bins");
  const builds = await readdir(bins).catch((): string[] => []);
  return resolveDirectory(path.join(bins, builds[0] ?? ""));
}
