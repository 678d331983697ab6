import { expect, it } from "vitest";
import { tryHostileFiles } from "../src/hostile-files/try-hostile-files.ts";

const FILES = 100;

it(`${FILES} damaged model files each end with exit code 2, or as a finished run`, { timeout: 300_000 }, async () => {
  const { outcomes, failures } = await tryHostileFiles({ seed: 1, count: FILES });
  expect(failures).toEqual([]);
  // Some were refused, and some were run: the damage is neither always nor never found.
  expect(outcomes["2 MODEL_INVALID"]).toBeGreaterThan(FILES / 4);
  expect((outcomes["0"] ?? 0) + (outcomes["3"] ?? 0)).toBeGreaterThan(FILES / 20);
});
