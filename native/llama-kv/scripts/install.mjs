import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";

// What npm runs when this package is installed: takes the addon that came with it where it loads, and compiles it from
// the sources and headers that came with it where it does not. What was done, and why, is printed and kept in
// build/install.json, from which the error for a missing addon takes its reason: npm shows the output of a script only
// when it fails, and a failure here would take away what needs no addon too. JavaScript, because Node strips no types
// below node_modules.

const run = promisify(execFile);
const packageDirectory = path.resolve(import.meta.dirname, "..");
const buildDirectory = path.join(packageDirectory, "build");
const addon = path.join(buildDirectory, "Release", "llama_kv.node");
const parallelJobs = 2;

if (existsSync(path.join(packageDirectory, "tsconfig.json"))) {
  console.log("@benchreport/llama-kv: in its repository the addon is built by the build script, not at installation.");
} else {
  const outcome = await install();
  console.log(`@benchreport/llama-kv: ${outcome.text}`);
  mkdirSync(buildDirectory, { recursive: true });
  writeFileSync(path.join(buildDirectory, "install.json"), `${JSON.stringify(outcome, null, 2)}\n`);
}

/** @returns {Promise<{ addon: "prebuilt" | "compiled" | "missing", text: string }>} */
async function install() {
  const unusable = await whyUnusable();
  if (unusable === undefined) return { addon: "prebuilt", text: "the addon that came with the package is used." };
  const because = `the addon that came with the package cannot be used here (${unusable})`;
  try {
    await compile();
  } catch (error) {
    return { addon: "missing", text: `${because}, and compiling it failed: ${explain(error)}` };
  }
  const stillUnusable = await whyUnusable();
  if (stillUnusable === undefined) return { addon: "compiled", text: `${because}; it was compiled from source.` };
  return { addon: "missing", text: `${because}, nor can the compiled one (${stillUnusable}).` };
}

/** Loads the addon in a process of its own, which an addon of another platform may take with it. */
async function whyUnusable() {
  if (!existsSync(addon)) return "it is not there";
  try {
    await run(process.execPath, ["--eval", `require(${JSON.stringify(addon)})`]);
    return undefined;
  } catch (error) {
    const reason = String(error.stderr).match(/^Error: (.*)$/m)?.[1];
    return reason ?? (error.signal ? `it ends the process with ${error.signal}` : firstLine(error.message));
  }
}

/** With CMake alone: its usual companion for addons wants a newer Node than this package. */
async function compile() {
  const require = createRequire(import.meta.url);
  const headers = path.join(buildDirectory, "headers");
  const [release, ...others] = readdirSync(headers);
  if (release === undefined || others.length > 0)
    throw new Error(`${headers} does not hold the headers of one release.`);
  const nodeHeaders = require("node-api-headers");
  const include = [nodeHeaders.include_dir, path.dirname(require.resolve("node-addon-api"))];
  const scratch = path.join(buildDirectory, "cmake");
  rmSync(addon, { force: true });
  const settings = {
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_JS_INC: include.map(forCMake).join(";"),
    LLAMA_KV_HEADERS: forCMake(path.join(headers, release)),
    LLAMA_KV_RELEASE: release,
    // Another compiler may warn of what ours does not.
    LLAMA_KV_WARNINGS_ARE_ERRORS: "OFF",
    ...platformSettings(nodeHeaders, scratch),
  };
  const defines = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  try {
    await run("cmake", ["-S", packageDirectory, "-B", scratch, ...defines]);
    const target = ["--target", "llama_kv", "--config", "Release", "--parallel", String(parallelJobs)];
    await run("cmake", ["--build", scratch, ...target], { maxBuffer: 1 << 26 });
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** How an addon finds the functions of the Node that loads it. */
function platformSettings(nodeHeaders, scratch) {
  if (process.platform === "darwin") return { CMAKE_SHARED_LINKER_FLAGS: "-undefined dynamic_lookup" };
  if (process.platform !== "win32") return {};
  const library = forCMake(path.join(scratch, "node.lib"));
  return {
    CMAKE_JS_NODELIB_DEF: forCMake(nodeHeaders.def_paths.node_api_def),
    CMAKE_JS_NODELIB_TARGET: library,
    CMAKE_JS_LIB: library,
  };
}

function forCMake(file) {
  return path.resolve(packageDirectory, file).replaceAll("\\", "/");
}

function explain(error) {
  if (error.code === "ENOENT") return "CMake is not on the PATH.";
  const output = `${error.stdout ?? ""}\n${error.stderr ?? ""}`;
  return output.match(/^.*error.*$/im)?.[0].trim() ?? firstLine(error.message);
}

function firstLine(text) {
  return text.split("\n")[0];
}
