/** What is known of one step of an answer. */
export interface AnswerStep {
  readonly id: number | undefined;
  readonly logProbability: number | undefined;
  readonly margin: number | undefined;
}

export interface Comparison {
  /** Same tokens, and the same log-probabilities and margins to the last bit. */
  readonly identical: boolean;
  /**
   * The largest difference of a log-probability or a margin, up to the first different token; at that one, half of both
   * margins together: the logits differ by at least as much.
   */
  readonly difference: number;
}

/** Compares a warm answer with the cold one. */
export function compareAnswers(cold: readonly AnswerStep[], warm: readonly AnswerStep[]): Comparison {
  let difference = 0;
  let identical = cold.length === warm.length && cold.length > 0;
  for (const [index, expected] of cold.entries()) {
    const actual = warm[index];
    if (actual === undefined) break;
    if (expected.id !== actual.id) {
      const least = ((expected.margin ?? 0) + (actual.margin ?? 0)) / 2;
      return { identical: false, difference: Math.max(difference, least) };
    }
    if (expected.logProbability === undefined || expected.margin === undefined) identical = false;
    for (const field of ["logProbability", "margin"] as const) {
      if (expected[field] === actual[field]) continue;
      identical = false;
      difference = Math.max(difference, Math.abs((expected[field] ?? 0) - (actual[field] ?? 0)));
    }
  }
  return { identical, difference };
}
