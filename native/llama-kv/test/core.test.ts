import { expect, test } from "vitest";
import { runCoreTest, runEngineTest } from "./support/core-programs.ts";
import { SILENT_SUCCESS } from "./support/run-program.ts";
import { useTinyModelFolder } from "./support/use-tiny-model-folder.ts";

const models = useTinyModelFolder();

// Windows of models that nobody here has, recurrent states, an engine that throws: the C++ core against a fake engine.
test("the core holds against an engine of lambdas", async () => {
  expect(await runCoreTest("Release")).toEqual(SILENT_SUCCESS);
});

test("the core holds on the engine itself, with several threads at once", async () => {
  expect(await runEngineTest("Release", models.folder)).toEqual(SILENT_SUCCESS);
});
