import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { runCoreTest, runEngineTest } from "./support/core-programs.ts";
import { runProgram, SILENT_SUCCESS } from "./support/run-program.ts";
import { useTinyModelFolder } from "./support/use-tiny-model-folder.ts";

const models = useTinyModelFolder();
const BUILD_TIMEOUT_MS = 600_000;

// The engine's own libraries are not built for it: races between its threads would be reported wherever they copy
// memory, because how they wait for one another is not seen. Our code is watched as before.
const THREAD_OPTIONS = { TSAN_OPTIONS: "ignore_noninstrumented_modules=1" };

describe.each([
  { sanitizers: "address,undefined", build: "sanitized-address-undefined", env: {} },
  { sanitizers: "thread", build: "sanitized-thread", env: THREAD_OPTIONS },
])("under the sanitizers $sanitizers", ({ sanitizers, build, env }) => {
  beforeAll(() => buildSanitized(sanitizers, "llama_kv_core_test", "llama_kv_engine_test"), BUILD_TIMEOUT_MS);

  test("the core holds against an engine of lambdas", async () => {
    expect(await runCoreTest(build, env)).toEqual(SILENT_SUCCESS);
  });

  test("the core holds on the engine itself", async () => {
    expect(await runEngineTest(build, models.folder, env)).toEqual(SILENT_SUCCESS);
  });
});

// Node itself is not built for it, so the sanitizer has to be there before Node is. Node ends with memory that it never
// gives back, hence no report of leaks; the tests above have one.
describe.runIf(process.platform === "linux")("under the address sanitizer inside Node", () => {
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    await buildSanitized("address,undefined", "llama_kv");
    const runtimes = await Promise.all(["libasan.so", "libubsan.so"].map(locateRuntime));
    env = {
      LLAMA_KV_ADDON: fileURLToPath(new URL("../build/sanitized-address-undefined/llama_kv.node", import.meta.url)),
      LD_PRELOAD: runtimes.join(" "),
      ASAN_OPTIONS: "detect_leaks=0",
    };
  }, BUILD_TIMEOUT_MS);

  test.each([
    "whatever is closed says so",
    "a storm of aborts leaves a context as it was",
    "closing during work of every kind settles all of it",
  ])("%s", async (name) => {
    const program = fileURLToPath(new URL("./programs/hostile-use.ts", import.meta.url));
    expect(await runProgram(process.execPath, [program, name, models.folder], { env })).toEqual(SILENT_SUCCESS);
  });
});

/** The compiler's own copy of a sanitizer's library. */
async function locateRuntime(name: string): Promise<string> {
  const { stdout } = await runProgram("c++", [`-print-file-name=${name}`]);
  return stdout.trim();
}

async function buildSanitized(sanitizers: string, ...targets: readonly string[]): Promise<void> {
  const script = fileURLToPath(new URL("../scripts/build-sanitized.ts", import.meta.url));
  const outcome = await runProgram(process.execPath, [script, sanitizers, ...targets], { timeoutMs: BUILD_TIMEOUT_MS });
  expect(outcome).toMatchObject({ code: 0, signal: null });
}
