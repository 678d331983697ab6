import { expect, it } from "vitest";
import { resolveSizes } from "./resolve-sizes.ts";

it.each([
  [{}, false, { stableTokens: 700, suffixTokens: 32, curveTokens: [0, 32, 128, 256], decodeTokens: 32, seed: 1 }],
  [{}, true, { stableTokens: 340, suffixTokens: 16, curveTokens: [0, 16, 64], decodeTokens: 12, seed: 1 }],
  [
    { stableTokens: 50, curveTokens: [0], seed: 9 },
    true,
    { stableTokens: 50, suffixTokens: 16, curveTokens: [0], decodeTokens: 12, seed: 9 },
  ],
])("of %j, quick %j", (asked, quick, sizes) => expect(resolveSizes(asked, quick)).toEqual(sizes));
