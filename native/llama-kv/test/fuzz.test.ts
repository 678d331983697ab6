import { expect, test } from "vitest";
import { runFuzz } from "./support/run-fuzz.ts";
import { SILENT_SUCCESS } from "./support/run-program.ts";
import { useTinyModelFolder } from "./support/use-tiny-model-folder.ts";

const models = useTinyModelFolder();
const CALLS = 10_000;

test(`${CALLS} random calls end in answers or errors, and then everything still works`, {
  timeout: 300_000,
}, async () => {
  expect(await runFuzz({ seed: 1, calls: CALLS, models: models.folder })).toEqual(SILENT_SUCCESS);
});
