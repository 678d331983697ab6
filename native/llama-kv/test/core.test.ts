import { execFile } from "node:child_process";
import { expect, test } from "vitest";

// Windows of models that nobody here has, recurrent states, an engine that throws: the C++ core against a fake engine.
test("the core holds against an engine of lambdas", async () => {
  const program = new URL("../build/Release/llama_kv_core_test", import.meta.url).pathname;
  const outcome = await new Promise((resolve) => {
    execFile(program, { timeout: 20_000 }, (error, stdout) =>
      resolve({ failed: error?.code ?? error?.signal, stdout }),
    );
  });
  expect(outcome).toEqual({ failed: undefined, stdout: "" });
});
