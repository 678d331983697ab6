import { describe, expect, test } from "vitest";
import type { EngineSettings } from "../session/open-engine.ts";
import { parseLlamaBench } from "./parse-llama-bench.ts";

const asked: EngineSettings = {
  threads: 2,
  ubatchTokens: 128,
  flashAttention: "on",
  kvCacheTypeK: "f16",
  kvCacheTypeV: "q8_0",
};
const ran = { n_threads: 2, n_ubatch: 128, flash_attn: 1, type_k: "f16", type_v: "q8_0" };
const prefill = { ...ran, n_prompt: 512, n_gen: 0, n_depth: 1024, samples_ns: [2_000_000_000, 4_000_000_000] };
const decode = { ...ran, n_prompt: 0, n_gen: 64, n_depth: 0, samples_ns: [640_000_000] };

test("tests, depths and rates are read", () => {
  expect(parseLlamaBench(JSON.stringify([prefill, decode]), asked)).toEqual([
    { test: { phase: "prefill", depth: 1024, tokens: 512 }, tokensPerSecond: [256, 128] },
    { test: { phase: "decode", depth: 0, tokens: 64 }, tokensPerSecond: [100] },
  ]);
});

describe("what ran with other settings is refused:", () => {
  test.each([
    ["n_threads", 4],
    ["n_ubatch", 512],
    ["flash_attn", -1],
    ["type_k", "q8_0"],
    ["type_v", "f16"],
  ])("%s", (field, value) => {
    const row = JSON.stringify([{ ...prefill, [field]: value }]);
    expect(() => parseLlamaBench(row, asked)).toThrow(
      expect.objectContaining({ code: "ENGINE_FAILED", why: expect.stringContaining(field) }),
    );
  });
});

test.each([
  ["", "no JSON"],
  ["{}", "no list"],
  ["[1]", "no list"],
  [JSON.stringify([{ ...prefill, n_depth: null }]), "n_depth"],
  [JSON.stringify([{ ...prefill, samples_ns: [] }]), "no samples"],
  [JSON.stringify([{ ...prefill, samples_ns: [0] }]), "no time"],
])("%j is refused", (json, why) => {
  expect(() => parseLlamaBench(json, asked)).toThrow(expect.objectContaining({ why: expect.stringContaining(why) }));
});
