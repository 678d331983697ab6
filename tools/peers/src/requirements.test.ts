import { describe, expect, test } from "vitest";
import type { ExactnessRow } from "./exactness/summarise-row.ts";
import type { PeersResult } from "./peers-result.ts";
import { judgeRequirements } from "./requirements.ts";
import type { EngineSettings } from "./session/open-engine.ts";

const settings: EngineSettings = {
  threads: 2,
  ubatchTokens: 128,
  flashAttention: "on",
  kvCacheTypeK: "f16",
  kvCacheTypeV: "f16",
};
const empty: PeersResult = {
  schema: "benchreport-peers/1",
  startedAt: "2026-01-01T00:00:00.000Z",
  smoke: false,
  release: "v0.5.0",
  model: { name: "m", digest: null },
  machine: { processor: "p", cores: 2, threads: 2, node: "v24", platform: "linux" },
};
const whole = {
  identical: 24,
  compared: 24,
  difference: 0,
  logitDifference: 0,
  logitPrompts: 8,
  wholePrefixes: 24,
  reusedTokens: [321, 332],
} as const;
const edited = { ...whole, wholePrefixes: 0, reusedTokens: [256, 256] } as const;
const exact: ExactnessRow = {
  settings,
  declaredExact: true,
  unsupported: null,
  cases: { reuse: whole, edit: edited, abort: whole, restore: whole },
};

const outcomes = (result: Partial<PeersResult>) => judgeRequirements({ ...empty, ...result }).map((one) => one.outcome);

function speed(phase: "prefill" | "decode", ratio: number): Partial<PeersResult> {
  const test = { phase, depth: 0, tokens: 64 };
  const comparison = { test, ours: 1, theirs: 1, ratios: [ratio], ratio, interval: null, intervalCoverage: null };
  return { speed: [{ settings, rounds: [], comparisons: [comparison] }] };
}
const abort = (p95: number | null, largest: number): Partial<PeersResult> => ({
  abort: [{ settings, phase: "decode", samples: [], p50: 1, p95, largest }],
});
const times = { samples: [], median: 1 };
const snapshot = (restoreRatio: number): Partial<PeersResult> => ({
  snapshot: {
    settings,
    tokens: 1000,
    bytes: 1,
    prefillMs: times,
    saveMs: times,
    restoreMs: times,
    digestMs: times,
    restoreRatio,
  },
});
const overhead = (share: number): Partial<PeersResult> => ({
  overhead: [{ settings, kind: "warm", turns: [], overhead: share, largest: 1 }],
});

describe("limits", () => {
  test.each([
    ["prefill", speed("prefill", 0.98), speed("prefill", 0.9799)],
    ["decode", speed("decode", 0.97), speed("decode", 0.9699)],
    ["abort", abort(15, 90), abort(15.01, 90)],
    ["abort with few samples", abort(null, 15), abort(null, 15.01)],
    ["snapshot", snapshot(200), snapshot(199.9)],
    ["snapshot that the engine cannot take", snapshot(200), { snapshot: null }],
    ["overhead", overhead(0.0099), overhead(0.01)],
    ["overhead that the engine does not tell", overhead(0.001), { overhead: null }],
  ])("of %s", (_name, met, missed) => {
    expect(outcomes(met)).toEqual(["met"]);
    expect(outcomes(missed)).toEqual(["missed"]);
    expect(outcomes({ ...missed, smoke: true })).toEqual(["not_judged"]);
  });

  test("of parts that were not run do not appear", () => expect(outcomes({})).toEqual([]));
});

describe("exactness", () => {
  const withCases = (cases: Partial<ExactnessRow["cases"]>): Partial<PeersResult> => ({
    exactness: [{ ...exact, cases: { ...exact.cases, ...cases } }],
  });

  test("is met by identical answers and whole reuse, without raw logits too", () => {
    expect(outcomes(withCases({}))).toEqual(["met"]);
    expect(outcomes(withCases({ abort: { ...whole, logitDifference: null, wholePrefixes: 3 } }))).toEqual(["met"]);
  });

  test.each<[string, Partial<ExactnessRow["cases"]>]>([
    ["one answer", { abort: { ...whole, identical: 23 } }],
    ["a difference", { reuse: { ...whole, difference: 1e-9 } }],
    ["a raw logit", { edit: { ...edited, logitDifference: 1e-9 } }],
    ["reuse that was not whole", { reuse: { ...whole, wholePrefixes: 23 } }],
    ["a restore that reused nothing", { restore: { ...whole, wholePrefixes: 0, reusedTokens: [0, 0] } }],
    ["a restore that is unsupported", { restore: null }],
    ["an edit that reused nothing", { edit: { ...edited, reusedTokens: [0, 256] } }],
    ["an edit that changed nothing", { edit: { ...edited, wholePrefixes: 1 } }],
  ])("is missed by %s, in a smoke run too", (_name, cases) => {
    expect(outcomes({ ...withCases(cases), smoke: true })).toEqual(["missed"]);
  });

  test("is not judged where it is not declared", () => {
    const row = { ...exact, declaredExact: false, cases: { ...exact.cases, edit: { ...edited, identical: 3 } } };
    expect(outcomes({ exactness: [row] })).toEqual([]);
  });
});
