import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { prepareHeaders } from "./prepare-headers.ts";

export interface CompileOptions {
  /** A folder in `build` for intermediate files. */
  readonly folder: string;
  /** Default: all. */
  readonly target?: string;
  /** Sanitizers to build with, in the compiler's words. */
  readonly sanitizers?: string;
}

const packageDirectory = path.resolve(import.meta.dirname, "..");
const buildDirectory = path.join(packageDirectory, "build");
/** Compilers run at once: enough to be quick, few enough for a small shared machine. */
const PARALLEL_JOBS = 2;

/** Compiles what CMakeLists.txt describes; its results go where that says. Resolves with the exit code. */
export async function compile({ folder, target, sanitizers = "" }: CompileOptions): Promise<number> {
  const headers = await prepareHeaders(buildDirectory);
  const cmakeJs = createRequire(import.meta.url).resolve("cmake-js/bin/cmake-js");
  const child = spawn(
    process.execPath,
    [
      cmakeJs,
      "compile",
      "--log-level=warn",
      `--directory=${packageDirectory}`,
      // A folder of its own, because cmake-js empties it after a failure; the results are elsewhere.
      `--out=${path.join(buildDirectory, folder)}`,
      `--parallel=${PARALLEL_JOBS}`,
      ...(target === undefined ? [] : [`--target=${target}`]),
      `--CDLLAMA_KV_HEADERS=${headers.directory.replaceAll("\\", "/")}`,
      `--CDLLAMA_KV_RELEASE=${headers.release}`,
      `--CDLLAMA_KV_SANITIZERS=${sanitizers}`,
    ],
    { stdio: "inherit" },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
