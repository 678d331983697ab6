import fc from "fast-check";
import { expect, it } from "vitest";
import { handMadeScenario } from "../src/hand-made-scenario.ts";
import { runOnMemory } from "../src/run-on-memory.ts";

/** Everything in which honest engines differ. Times are noisy, as real ones are. */
const honestEngines = fc.record({
  chunkTokens: fc.integer({ min: 1, max: 64 }),
  granularityTokens: fc.constantFrom(1, 2, 7, 16, 32, 50),
  wholePrefix: fc.constantFrom("all", "all_but_last", "aligned"),
  reuse: fc.constantFrom("prefix", "resident", "none"),
  phases: fc.constantFrom("separate", "deferred"),
  exact: fc.boolean(),
  addBos: fc.boolean(),
  maxSessions: fc.constantFrom(undefined, 1, 2),
  prefillTokenMs: fc.constantFrom(0.05, 1, 5),
  decodeTokenMs: fc.constantFrom(1, 8, 40),
  callMs: fc.constantFrom(0.1, 0.5, 3),
  noise: fc.constantFrom(0, 0.02, 0.1),
  noiseSeed: fc.integer({ min: 0, max: 0x7fffffff }),
  weights: fc.integer({ min: 0, max: 0x7fffffff }),
});

/** Words, so that the runner's own edits find some. */
const words = (minLength: number, maxLength: number) =>
  fc
    .array(fc.stringMatching(/^[a-zäöü模型]{1,9}$/u), { minLength, maxLength })
    .map((list) => list.map((word) => `${word} `).join(""));

const scenarios = fc.record({
  stable: words(20, 60),
  suffix: fc.oneof(words(1, 8), fc.constant("")),
  maxDecode: fc.integer({ min: 1, max: 24 }),
});

it("an honest engine is never accused, whatever it is like and whatever it is asked", {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(honestEngines, scenarios, fc.nat(0xffff), async (settings, texts, seed) => {
      const scenario = { ...handMadeScenario, ...texts, editedStable: `${texts.stable.slice(0, -9)}changed: ` };
      const report = await runOnMemory(scenario, settings, { repetitions: 3, seed });
      expect(report.complete).toBe(true);
      expect(report.verdicts.filter(({ outcome }) => outcome === "fail")).toEqual([]);
      // What does not hang on the length of an answer is proved, not merely not disproved.
      const counted = report.verdicts.filter(({ claim }) => claim === "prefix_reused" || claim === "edited_is_missed");
      const expected = settings.reuse === "none" ? "unsupported" : "pass";
      expect(counted.map(({ outcome }) => outcome)).toEqual([expected, expected]);
    }),
    { numRuns: 400, endOnFailure: true },
  );
});
