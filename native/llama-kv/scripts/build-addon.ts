import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { prepareHeaders } from "./prepare-headers.ts";

// Compiles build/Release/llama_kv.node and its twin for tests. `node scripts/build-addon.ts`, or `pnpm run
// build:native`.

const packageDirectory = path.resolve(import.meta.dirname, "..");
const buildDirectory = path.join(packageDirectory, "build");
/** Compilers run at once: enough to be quick, few enough for a small shared machine. */
const PARALLEL_JOBS = 2;

const headers = await prepareHeaders(buildDirectory);
const cmakeJs = createRequire(import.meta.url).resolve("cmake-js/bin/cmake-js");
const child = spawn(
  process.execPath,
  [
    cmakeJs,
    "compile",
    "--log-level=warn",
    `--directory=${packageDirectory}`,
    // A folder of its own, because cmake-js empties it after a failure; the addons go to build/Release (see
    // CMakeLists.txt).
    `--out=${path.join(buildDirectory, "cmake")}`,
    `--parallel=${PARALLEL_JOBS}`,
    `--CDLLAMA_KV_HEADERS=${headers.directory.replaceAll("\\", "/")}`,
    `--CDLLAMA_KV_RELEASE=${headers.release}`,
  ],
  { stdio: "inherit" },
);
child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
