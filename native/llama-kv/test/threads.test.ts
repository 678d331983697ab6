import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { useTinyModels } from "./support/use-tiny-models.ts";

// Small numbers: threads that wait for one another crawl on a machine that runs other tests meanwhile.
const models = useTinyModels();

/** Only Linux says. */
function countThreads(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/task").length : 0;
}

test("threads of a context live as long as it does, and no longer", async () => {
  await using model = await models.open({ memory: "full", seed: 1 });
  const tokens = await model.tokenize("Some text to begin with.", { addSpecial: false });
  const answers = [];
  let before = 0;
  for (const round of [0, 1]) {
    await using context = await model.createContext({ contextTokens: 512, threads: 2, ubatchTokens: 32 });
    await context.prefill(tokens, { grid: "position" });
    const working = countThreads();
    const events = await collect(context.generate({ maxTokens: 3, ignoreEndOfGeneration: true }));
    answers.push(events.map((event) => (event.type === "token" ? event.id : event.reason)));
    // None is started for an evaluation.
    expect(countThreads()).toBe(working);
    if (round === 0) before = working;
    expect(working).toBe(before);
  }
  expect(new Set(answers.map(String)).size).toBe(1);
});

test("an abort stops them, and the context goes on", async () => {
  await using model = await models.open({ memory: "full", seed: 1 });
  const tokens = await model.tokenize("word ".repeat(64), { addSpecial: false });
  await using context = await model.createContext({ contextTokens: 512, threads: 2, ubatchTokens: 16 });
  for (const _ of Array(5).keys()) {
    const controller = new AbortController();
    const call = context.prefill(tokens, { grid: "position", signal: controller.signal });
    setTimeout(() => controller.abort("enough"), Math.random() * 5);
    const reason: unknown = await call.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (reason !== undefined) {
      expect(reason).toBe("enough");
      expect(context.residentTokens() % 16).toBe(0);
    }
    await context.clear();
  }
  expect((await context.prefill(tokens.subarray(0, 64), { grid: "position" })).residentTokens).toBe(64);
});
