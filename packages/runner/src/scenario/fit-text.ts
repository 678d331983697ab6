/** Number of tokens that the engine makes of a text. */
export type CountTokens = (text: string) => Promise<number>;

/**
 * The largest of `0 … upper` for which `fits` holds, where it holds up to some number and not beyond; 0 if for none.
 */
export async function largestFitting(upper: number, fits: (value: number) => Promise<boolean>): Promise<number> {
  let low = 0;
  let high = upper;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Cuts a text behind a word so that it has at most `tokens` tokens, as many as its words allow. */
export async function cutToTokens(text: string, tokens: number, count: CountTokens): Promise<string> {
  const words = text.match(/\s*\S+/g) ?? [];
  const kept = await largestFitting(
    words.length,
    async (length) => (await count(words.slice(0, length).join(""))) <= tokens,
  );
  return words.slice(0, kept).join("");
}

/**
 * A text of exactly so many tokens that starts with `start`, made by adding short words; `undefined` where no such text
 * is found.
 * Tokenizers differ, so several fillers are tried.
 */
export async function textOfTokens(start: string, tokens: number, count: CountTokens): Promise<string | undefined> {
  for (const filler of [" and", " a", ".", "\n", " 1", "x"]) {
    const missing = tokens - (await count(start));
    if (missing < 0) return undefined;
    const build = (repeats: number): string => start + filler.repeat(repeats);
    const repeats = await largestFitting(missing * 4, async (value) => (await count(build(value))) <= tokens);
    if ((await count(build(repeats))) === tokens) return build(repeats);
  }
  return undefined;
}
