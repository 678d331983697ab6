import { describe, expect, test } from "vitest";
import { runFuzz } from "./support/run-fuzz.ts";
import { SILENT_SUCCESS } from "./support/run-program.ts";
import { useTinyModelFolder } from "./support/use-tiny-model-folder.ts";

const models = useTinyModelFolder();
const CALLS = 10_000;
const first = Number(process.env["BENCHREPORT_SEED"] ?? Date.now() % 2 ** 31);

describe(`${CALLS} random calls end in answers or errors, and then everything still works`, () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7].map((i) => first + i))("seed %i", async (seed) => {
    expect(await runFuzz({ seed, calls: CALLS, models: models.folder })).toEqual(SILENT_SUCCESS);
  });
});
