import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { locateBinaries } from "@benchreport/llama-kv";
import { prepareSource } from "./prepare-source.ts";
import { runCommand } from "./run-command.ts";

/** The programs that this package measures beside, of the release that the adapter runs. */
export interface Peers {
  readonly release: string;
  readonly bench: string;
  readonly server: string;
}

const packageDirectory = path.resolve(import.meta.dirname, "../..");
const recipe = path.join(packageDirectory, "native");
/** Compilers run at once: enough to be quick, few enough for a small machine. */
const PARALLEL_JOBS = 2;

/**
 * Compiles llama-bench and llama-server of the installed release against the installed libraries. Once: what was built
 * stays until recipe, libraries or compiler change.
 */
export async function buildPeers(onProgress: (line: string) => void): Promise<Peers> {
  const { release, directory: libraries } = await findLibraries();
  const directory = path.join(packageDirectory, "build", release);
  const binaries = path.join(directory, "bin");
  const peers = { release, bench: path.join(binaries, "llama-bench"), server: path.join(binaries, "llama-server") };

  const stampFile = path.join(directory, "stamp.txt");
  const stamp = await describeBuild(release, libraries);
  if ((await readFile(stampFile, "utf8").catch(() => undefined)) === stamp) return peers;

  onProgress(`building llama-bench and llama-server ${release}: two to three minutes, once`);
  await mkdir(directory, { recursive: true });
  const source = path.join(directory, "source");
  await prepareSource(release, source);
  await rm(stampFile, { force: true });
  await compile({ source, libraries, binaries, directory: path.join(directory, "cmake") });
  await placeBackends(libraries, binaries);
  await writeFile(stampFile, stamp);
  return peers;
}

async function findLibraries(): Promise<{ readonly release: string; readonly directory: string }> {
  if (process.platform === "win32") {
    throw new BenchreportError("UNSUPPORTED_FEATURE", {
      what: "The peers cannot be built on Windows.",
      why: "The installed packages carry no import libraries to link against.",
      fix: "Measure on Linux or macOS.",
      meta: { platform: process.platform },
    });
  }
  const { found, expectedRelease, tried } = await locateBinaries();
  if (found !== undefined) return { release: found.release ?? expectedRelease, directory: found.directory };
  throw new BenchreportError("ENGINE_UNAVAILABLE", {
    what: "llama.cpp's libraries are not installed.",
    why: tried.map(({ source, outcome }) => `${source}: ${outcome}`).join("; "),
    fix: "npx pnpm@12 install",
    meta: { tried: tried.map(({ source }) => source) },
  });
}

/** All that the two programs depend on. */
async function describeBuild(release: string, libraries: string): Promise<string> {
  const lists = createHash("sha256").update(await readFile(path.join(recipe, "CMakeLists.txt")));
  const compiler = await runCommand(process.env["CXX"] || "c++", ["--version"], { purpose: "Asking the compiler" });
  return `${[release, libraries, lists.digest("hex"), compiler.split("\n")[0] ?? ""].join("\n")}\n`;
}

async function compile(places: {
  readonly source: string;
  readonly libraries: string;
  readonly binaries: string;
  readonly directory: string;
}): Promise<void> {
  // A folder that another recipe configured may keep its choices.
  await rm(places.directory, { recursive: true, force: true });
  const purpose = "Building llama-bench and llama-server";
  await runCommand(
    "cmake",
    [
      ...["-S", recipe, "-B", places.directory],
      "-DCMAKE_BUILD_TYPE=Release",
      `-DLLAMA_SOURCE=${places.source}`,
      `-DLLAMA_LIBRARIES=${places.libraries}`,
      `-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${places.binaries}`,
    ],
    { purpose },
  );
  await runCommand("cmake", ["--build", places.directory, "--parallel", String(PARALLEL_JOBS)], { purpose });
}

/** llama.cpp looks for the library of each processor beside the program. */
async function placeBackends(libraries: string, binaries: string): Promise<void> {
  for (const name of await readdir(libraries)) {
    if (!/^libggml-(?!base)/.test(name)) continue;
    const link = path.join(binaries, name);
    await rm(link, { force: true });
    await symlink(path.join(libraries, name), link);
  }
}
