import { type BuiltInSizes, defaultSizes, quickRun } from "@benchreport/runner";

/** The sizes of a run: what was asked for, else the quick ones where those were, else the defaults. */
export function resolveSizes(asked: BuiltInSizes, quick: boolean): typeof defaultSizes {
  const base = quick ? { ...defaultSizes, ...quickRun.sizes } : defaultSizes;
  return {
    stableTokens: asked.stableTokens ?? base.stableTokens,
    suffixTokens: asked.suffixTokens ?? base.suffixTokens,
    curveTokens: asked.curveTokens ?? base.curveTokens,
    decodeTokens: asked.decodeTokens ?? base.decodeTokens,
    seed: asked.seed ?? base.seed,
  };
}
