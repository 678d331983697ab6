/**
 * The smallest run that still proves every claim: an answer long enough to be compared (8 tokens are), a prefix of two
 * steps of reuse of 128 tokens and more, so that an edit in its middle keeps one, and three repetitions, whose
 * median no single disturbed turn moves.
 */
export const quickRun = {
  repetitions: 3,
  sizes: { stableTokens: 340, suffixTokens: 16, curveTokens: [0, 16, 64], decodeTokens: 12 },
} as const;
