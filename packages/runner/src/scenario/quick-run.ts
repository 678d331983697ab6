/**
 * The smallest run that still proves every claim: an answer long enough to be compared (8 tokens are), a prefix of two
 * steps of reuse of 128 tokens and a bit, so that edits keep something and lose something, and three repetitions, whose
 * median no single disturbed turn moves.
 */
export const quickRun = {
  repetitions: 3,
  sizes: { stableTokens: 300, suffixTokens: 16, curveTokens: [0, 16, 64], decodeTokens: 12 },
} as const;
