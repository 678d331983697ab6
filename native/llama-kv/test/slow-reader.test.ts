import { expect, test } from "vitest";
import { useTinyModels } from "./support/use-tiny-models.ts";

const models = useTinyModels();
const TOKENS = 200;

test("a reader that blocks after the first event does not hold up the engine or its clock", async () => {
  await using model = await models.open({ memory: "full", seed: 1 });
  await using context = await model.createContext({ contextTokens: 256, threads: 1 });
  await context.prefill(Int32Array.of(20, 21, 22), { grid: "position" });
  const generation = context.generate({ maxTokens: TOKENS });
  const stamps: bigint[] = [];
  for await (const event of generation) {
    stamps.push(event.at);
    // The event loop stands still until the engine has evaluated all but the last token: were it waiting for its
    // reader, this would never end.
    while (stamps.length === 1 && context.work().decodeCalls < TOKENS - 1);
    if (stamps.length === 1) stamps.push(process.hrtime.bigint());
  }
  const [first, readOn, ...others] = stamps;
  if (first === undefined || readOn === undefined) throw new Error("There were no events.");
  expect(others.length).toBe(TOKENS);
  // All tokens but the last were stamped while nobody read.
  const beforeReading = others.filter((at) => at < readOn);
  expect(beforeReading.length).toBeGreaterThanOrEqual(TOKENS - 2);
  expect([first, ...others]).toEqual([first, ...others].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
});
