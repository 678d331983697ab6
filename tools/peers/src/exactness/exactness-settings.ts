import type { EngineSettings } from "../session/open-engine.ts";

/** Every combination for which exactness is promised. A quantised V cache needs flash attention. */
export function promisedSettings(threads: number): readonly EngineSettings[] {
  const settings: EngineSettings[] = [];
  for (const [flashAttention, kvCacheType] of COMBINATIONS) {
    for (const ubatchTokens of UBATCHES) {
      settings.push({ threads, ubatchTokens, flashAttention, kvCacheTypeK: kvCacheType, kvCacheTypeV: kvCacheType });
    }
  }
  return settings;
}

/** Settings that promise nothing: what they give stands in the table all the same. */
export function unpromisedSettings(threads: number): readonly EngineSettings[] {
  const usual = { threads, ubatchTokens: 128, flashAttention: "on", kvCacheTypeK: "f16", kvCacheTypeV: "f16" } as const;
  return [
    { ...usual, reuse: "longest" },
    { ...usual, ubatchTokens: 16 },
    { ...usual, kvCacheTypeK: "q4_0", kvCacheTypeV: "q4_0" },
  ];
}

/** A few rows that prove that the table works. */
export function smokeSettings(threads: number): readonly EngineSettings[] {
  const usual = { threads, ubatchTokens: 64, flashAttention: "on", kvCacheTypeK: "f16", kvCacheTypeV: "f16" } as const;
  return [usual, { ...usual, reuse: "longest" }];
}

const COMBINATIONS = [
  ["on", "f16"],
  ["on", "q8_0"],
  ["off", "f16"],
] as const;
const UBATCHES = [64, 128, 256] as const;
