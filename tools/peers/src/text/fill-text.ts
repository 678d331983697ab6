/** Number of tokens of a text. */
export type CountTokens = (text: string) => Promise<number>;

/** One token to every tokenizer that is known here, wherever it stands. */
const FILLER = " a";

/**
 * The beginning of the joined pieces that is exactly so many tokens long, with a few filler words at its end where no
 * beginning is.
 *
 * @throws RangeError when the pieces are too few, or when the tokenizer takes the filler for more than one token.
 */
export async function fillText(pieces: readonly string[], tokens: number, count: CountTokens): Promise<string> {
  const join = (length: number): string => pieces.slice(0, length).join("");
  if ((await count(join(pieces.length))) < tokens) throw new RangeError(`fillText: ${tokens} tokens need more pieces`);
  let fitting = 0;
  let tooLong = pieces.length + 1;
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if ((await count(join(middle))) <= tokens) fitting = middle;
    else tooLong = middle;
  }
  let text = join(fitting);
  for (let size = await count(text); size < tokens; size++) text += FILLER;
  const size = await count(text);
  if (size !== tokens) throw new RangeError(`fillText: the text became ${size} tokens instead of ${tokens}`);
  return text;
}
