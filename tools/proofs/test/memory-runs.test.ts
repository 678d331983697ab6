import { MemoryBackend, parseMemorySettings } from "@benchreport/backend-memory";
import type { Report } from "@benchreport/report";
import { createHarness, runBenchmark } from "@benchreport/runner";
import { describe, expect, it } from "vitest";
import { handMadeScenario } from "../src/hand-made-scenario.ts";
import { runOnMemory } from "../src/run-on-memory.ts";

// Cost model: a token of a prompt takes 1 ms, each engine call 0.5 ms, calls hold at most 50 tokens; the first token of
// an answer costs 0.5 ms,
// every further one 8.5 ms. Reuse after an edit comes in steps of 50.
const costs = { prefillTokenMs: 1, callMs: 0.5, decodeTokenMs: 8, chunkTokens: 50, granularityTokens: 50 };

// Cold: prefix 200 + 4 calls = 202; suffix 20 + 1 call = 20.5; first token 0.5: together 223. Answer 9 · 8.5 = 76.5,
// turn 299.5.
const coldFullPrefill = { tokens: 200, ms: 202, prompt_tps: 200 / 0.202, ttft_ms: 223 };

describe("an honest engine", () => {
  it("gets the report that its cost model comes to", async () => {
    const report = await runOnMemory(handMadeScenario, costs);
    expect(report).toMatchObject({
      mode: "live_prefix_reuse",
      complete: true,
      cold_full_prefill: coldFullPrefill,
      warm_same_prefix: { cached_tokens: 200, new_tokens: 0, ms: 0, ttft_ms: 21, hit_rate: 1 },
      warm_changed_suffix: { cached_tokens: 200, suffix_tokens: 24, ms: 24.5, ttft_ms: 25, output_equals_cold: true },
      edited_stable_segment: { expected_cache_miss: true, actual_cache_miss: true, output_equals_cold: true },
      decode: { output_tokens: 10, tokens_per_sec: 9 / 0.0765 },
      suffix_ttft_curve: [
        { suffix_tokens: 0, ttft_ms: 0.5 },
        { suffix_tokens: 10, ttft_ms: 11 },
        { suffix_tokens: 40, ttft_ms: 41 },
      ],
      failure_cases: { over_context: true, cancel_decode: true },
    });
    // Edited at token 120: two steps of 50 stay, 100 tokens in 2 calls are evaluated, then the suffix and the first
    // token.
    expect(report.sections.edited_stable_segment.samples[0]).toMatchObject({
      reused_tokens: 100,
      prefilled_tokens: 100,
      common_tokens: 120,
      prefix_ms: 101,
      ttft_ms: 122,
    });
    expect(report.sections.cold_full_prefill.statistics["turn_ms"]).toMatchObject({
      count: 5,
      median: 299.5,
      stddev: 0,
      interval: [299.5, 299.5],
      interval_coverage: 0.9375,
    });
    expect(report.sections.cold_full_prefill.statistics["itl_ms"]).toMatchObject({ count: 45, median: 8.5 });
    expect(report.headline).toMatchObject({ cold_ttft_ms: 223, warm_ttft_ms: 25, ratio: 223 / 25, shown: false });
    expect(report.headline.reason).toContain("simulation");
    expect(outcomes(report)).toEqual(allPass);
    // Behind 200 and 20 tokens; the memory engine's state is four bytes a token.
    expect(report.snapshot_save).toMatchObject({ tokens: 220, ms: 0, mb_per_sec: null });
    expect(report.snapshot_restore).toMatchObject({ tokens: 220, output_equals_original: true });
    expect(report.memory).toMatchObject({ kv_bytes_per_token: null, kv_bytes_per_token_measured: 4 });
    expect(report.failure_details["snapshot_roundtrip"]?.length).toBe(6);
  });

  it("places every edit of the stable text where its bytes say", async () => {
    const report = await runOnMemory(handMadeScenario, costs);
    // Words of five bytes; the replacement "zebra" is as long as a word with its space, so later edits shift nothing
    // before them.
    expect(report.edit_positions).toMatchObject([
      // The word before keeps its bytes, and " zebra" differs at the letter behind the space: 20 words of 5, of which
      // the last ends in a space.
      { edit: "one word replaced, middle", common_tokens: 100, reused_tokens: 100 },
      { edit: "one word inserted, middle", common_tokens: 100, reused_tokens: 100 },
      // " w020" removed: " w021" follows, and the first different byte is the last digit.
      { edit: "one word removed, middle", common_tokens: 103, reused_tokens: 100 },
      { edit: "one word replaced, end", common_tokens: 195, reused_tokens: 150 },
      // 30 of 40 words: 149 bytes without the space behind; its last token is evaluated again, so two steps stay.
      { edit: "cut at three quarters", common_tokens: 149, reused_tokens: 100 },
      { edit: "one word replaced, start", common_tokens: 0, reused_tokens: 0 },
    ]);
    expect(report.edit_positions.every((edit) => edit.output_equals_cold === true)).toBe(true);
  });

  it.each([
    ["all_but_last", { cached_tokens: 199, new_tokens: 1, ms: 1.5, ttft_ms: 22.5, hit_rate: 0.995 }],
    ["aligned", { cached_tokens: 150, new_tokens: 50, ms: 50.5, ttft_ms: 71.5, hit_rate: 0.75 }],
  ])("that reuses of an identical prefix %s is measured so", async (wholePrefix, warm) => {
    const report = await runOnMemory(handMadeScenario, { ...costs, wholePrefix });
    expect(report.warm_same_prefix).toMatchObject(warm);
    expect(outcomes(report)).toEqual(allPass);
  });

  it("that defers prefill has times of the turn only", async () => {
    const report = await runOnMemory(handMadeScenario, { ...costs, phases: "deferred" });
    expect(report.cold_full_prefill).toMatchObject({ tokens: 200, ms: null, prompt_tps: null, ttft_ms: 223 });
    expect(report.warm_same_prefix).toMatchObject({ cached_tokens: 200, ms: null, ttft_ms: 21 });
    expect(report.notes.join("\n")).toContain("only when decode starts");
    expect(outcomes(report)).toEqual({ ...allPass, cancel_prefill: "unsupported" });
  });

  it("that reuses nothing is cold only", async () => {
    const report = await runOnMemory(handMadeScenario, { ...costs, reuse: "none" });
    expect(report).toMatchObject({
      mode: "cold_only",
      cold_full_prefill: coldFullPrefill,
      warm_same_prefix: { cached_tokens: 0, new_tokens: 200, ms: 202, hit_rate: 0 },
      headline: { shown: false, reason: "the engine reuses nothing." },
    });
    expect(outcomes(report)).toMatchObject({
      prefix_reused: "unsupported",
      edited_is_missed: "unsupported",
      output_unchanged: "pass",
    });
  });

  it("with one session at a time is primed again for each warm block behind a cold one", async () => {
    const many = await runOnMemory(handMadeScenario, costs, { repetitions: 3 });
    const one = await runOnMemory(handMadeScenario, { ...costs, maxSessions: 1 }, { repetitions: 3 });
    expect(one.run.priming_turns).toBeGreaterThan(many.run.priming_turns);
    expect(one.warm_same_prefix).toEqual(many.warm_same_prefix);
    expect(outcomes(one)).toEqual(allPass);
  });

  it("counts its begin token with the prefix", async () => {
    const report = await runOnMemory(handMadeScenario, { ...costs, addBos: true });
    expect(report.cold_full_prefill.tokens).toBe(201);
    expect(report.warm_changed_suffix).toMatchObject({ cached_tokens: 201, suffix_tokens: 24 });
    expect(outcomes(report)).toEqual(allPass);
  });

  it("that reuses everything resident passes too", async () => {
    expect(outcomes(await runOnMemory(handMadeScenario, { ...costs, reuse: "resident" }))).toEqual(allPass);
  });

  it("with noisy times passes, and its spread is reported", async () => {
    const report = await runOnMemory(handMadeScenario, { ...costs, noise: 0.1, noiseSeed: 5 });
    expect(outcomes(report)).toEqual(allPass);
    expect(report.sections.cold_full_prefill.statistics["ttft_ms"]?.stddev).toBeGreaterThan(0);
  });

  it("gives the same report for the same seed, but for what is not of the run", async () => {
    const [first, second] = [await runOnMemory(handMadeScenario, costs), await runOnMemory(handMadeScenario, costs)];
    expect(second.sections).toEqual(first.sections);
    expect(second.profile).toBe(first.profile);
  });
});

describe("a scenario", () => {
  it("without a suffix is measured right behind the prefix", async () => {
    const report = await runOnMemory({ ...handMadeScenario, suffix: "" }, costs);
    expect(report.warm_same_prefix).toMatchObject({ cached_tokens: 200, ms: 0, ttft_ms: 0.5 });
    expect(outcomes(report)).toEqual(allPass);
  });

  it("shorter than a few steps of reuse still shows that a prefill can be stopped", async () => {
    const report = await runOnMemory(handMadeScenario, { ...costs, granularityTokens: 128, chunkTokens: 128 });
    expect(outcomes(report)).toEqual(allPass);
  });

  it("without changed suffix, edit and curve skips their sections with a note", async () => {
    const scenario = { ...handMadeScenario, changedSuffix: "", editedStable: "", suffixCurve: [] };
    const report = await runOnMemory(scenario, costs);
    expect(report.sections.warm_changed_suffix).toMatchObject({ status: "skipped", samples: [] });
    expect(report.warm_changed_suffix).toEqual({
      cached_tokens: null,
      suffix_tokens: null,
      ms: null,
      ttft_ms: null,
      output_equals_cold: null,
    });
    expect(report.edited_stable_segment).toEqual({
      expected_cache_miss: null,
      actual_cache_miss: null,
      output_equals_cold: null,
    });
    expect(report.suffix_ttft_curve).toEqual([]);
    expect(report.notes.join("\n")).toContain("edited_stable_segment: skipped: the scenario has no edited stable text");
    expect(outcomes(report)).toMatchObject({ input_matters: "inconclusive" });
  });

  it("with short answers proves nothing about them", async () => {
    const report = await runOnMemory({ ...handMadeScenario, maxDecode: 5 }, costs);
    expect(outcomes(report)).toMatchObject({ output_unchanged: "inconclusive" });
    expect(report.warm_changed_suffix.output_equals_cold).toBeNull();
    expect(report.headline).toMatchObject({ shown: false });
  });

  it("that is longer than the model was trained for is measured, with a note", async () => {
    await using backend = new MemoryBackend(parseMemorySettings(costs));
    const description = backend.describe();
    const shortTrained = new Proxy(backend, {
      get: (target, name) => {
        if (name === "describe")
          return () => ({ ...description, model: { ...description.model, trainedContextTokens: 100 } });
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const report = await runBenchmark(createHarness(shortTrained), handMadeScenario, { repetitions: 1 });
    expect(report.notes.join(" ")).toMatch(/Sessions have \d+ tokens, and the model was trained for 100/);
    expect(report.cold_full_prefill.tokens).toBe(200);
  });

  it("that cannot fit the largest session is refused with its lengths", async () => {
    const run = runOnMemory(handMadeScenario, { ...costs, maxContextTokens: 250, contextTokens: 250 });
    await expect(run).rejects.toMatchObject({
      code: "SCENARIO_INVALID",
      meta: { maxContextTokens: 250, longestStable: expect.any(Number) },
    });
  });
});

const judged = [
  "cold_is_cold",
  "prefix_reused",
  "edited_is_missed",
  "output_unchanged",
  "input_matters",
  "over_context",
  "cancel_prefill",
  "cancel_decode",
  "snapshot_roundtrip",
] as const;
const unjudged = ["timing_agrees", "tokens_counted", "boundary_clean"] as const;
const allPass = Object.fromEntries([
  ...judged.map((claim) => [claim, "pass"]),
  ...unjudged.map((claim) => [claim, "not_run"]),
]);

function outcomes(report: Report): Record<string, string> {
  return Object.fromEntries(report.verdicts.map((verdict) => [verdict.claim, verdict.outcome]));
}
