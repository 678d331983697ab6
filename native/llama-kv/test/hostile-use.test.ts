import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runProgram, SILENT_SUCCESS } from "./support/run-program.ts";
import { useTinyModelFolder } from "./support/use-tiny-model-folder.ts";

// Nothing that JavaScript does may end the process: each in a process of its own, which ends by itself, with exit code 0
// and nothing to say.

const models = useTinyModelFolder();
const program = fileURLToPath(new URL("./programs/hostile-use.ts", import.meta.url));

test.each([
  "objects of another copy of the addon are foreign",
  "whatever is closed says so",
  "closing during work of every kind settles all of it",
  "a storm of aborts leaves a context as it was",
  "getters that close what is being called",
  "arrays that are detached, shared, resized or too long",
  "contexts that no machine can hold are refused",
  "two worker threads at once",
  "workers are terminated while their events arrive",
  "process.exit() with work of every kind in flight",
])("%s", { timeout: 70_000 }, async (name) => {
  expect(await runProgram(process.execPath, [program, name, models.folder])).toEqual(SILENT_SUCCESS);
});
