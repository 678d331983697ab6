import { expect, it } from "vitest";
import { tryHostileFiles } from "../src/hostile-files/try-hostile-files.ts";

const FILES = 2000;
const seed = Number(process.env["BENCHREPORT_SEED"] ?? Date.now() % 2 ** 31);

it(`${FILES} damaged model files of seed ${seed} each end with exit code 2, or as a finished run`, {
  timeout: 60 * 60_000,
}, async () => {
  const { outcomes, failures } = await tryHostileFiles({ seed, count: FILES });
  console.log(`Hostile files of seed ${seed}: ${JSON.stringify(outcomes)}`);
  expect(failures).toEqual([]);
});
