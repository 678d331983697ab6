import { type CountTokens, cutToTokens, largestFitting } from "./fit-text.ts";
import { looseWords, outputLine, type PromptPart, promptParts, questions } from "./prompt-lines.ts";
import type { Scenario } from "./scenario.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

export const builtInScenarioId = "coding-agent";

export interface BuiltInSizes {
  /**
   * Wished length of the stable part; the text has at most so many tokens. Default 700, no multiple of any common block
   * size.
   */
  readonly stableTokens?: number | undefined;
  /** Default 32. */
  readonly suffixTokens?: number | undefined;
  /** In growing order; 0 stands for no suffix. Default 0, 32, 128, 256. */
  readonly curveTokens?: readonly number[] | undefined;
  /** Default 32. */
  readonly decodeTokens?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
}

export const defaultSizes: { readonly [Size in keyof BuiltInSizes]-?: NonNullable<BuiltInSizes[Size]> } = {
  stableTokens: 700,
  suffixTokens: 32,
  curveTokens: [0, 32, 128, 256],
  decodeTokens: 32,
  seed: 1,
};

/**
 * A coding agent's turn in real-looking text, sized with the engine's own tokenizer; the same for the same seed and
 * tokenizer.
 */
export async function builtInScenario(
  sizes: BuiltInSizes,
  count: { readonly stable: CountTokens; readonly suffix: CountTokens },
): Promise<Scenario> {
  const seed = sizes.seed ?? defaultSizes.seed;
  const suffixTokens = sizes.suffixTokens ?? defaultSizes.suffixTokens;
  const stable = await sizeStable(sizes.stableTokens ?? defaultSizes.stableTokens, seed, count.stable);
  const suffixes = questions.map((question, index) =>
    suffixText(question, suffixTokens, seed + index + 1, count.suffix),
  );
  const [suffix = "", changedSuffix = ""] = await Promise.all(suffixes);
  const suffixCurve: string[] = [];
  for (const [index, tokens] of (sizes.curveTokens ?? defaultSizes.curveTokens).entries()) {
    suffixCurve.push(await suffixText(questions[0], tokens, seed + 100 + index, count.suffix));
  }
  return {
    stable,
    suffix,
    changedSuffix,
    editedStable: editPinnedFile(stable),
    suffixCurve,
    maxDecode: sizes.decodeTokens ?? defaultSizes.decodeTokens,
  };
}

/**
 * A text of random words, at most `tokens` long, that begins with `nonce`: no cache on disk or in a server can know it.
 */
export function nonceText(nonce: string, random: SeededRandom, tokens: number, count: CountTokens): Promise<string> {
  return cutToTokens(`${nonce} ${looseWords(random, tokens)}`, tokens, count);
}

/**
 * Fills the parts in proportion, then the last of them word by word, and ends with a line break so that the border to
 * any suffix is clean.
 */
async function sizeStable(tokens: number, seed: number, count: CountTokens): Promise<string> {
  const lines = await largestFitting(tokens, async (total) => (await count(assemble(total, seed))) <= tokens);
  const whole = assemble(lines, seed);
  const random = seededRandom(seed + 7);
  const filler = looseWords(random, tokens).split(" ");
  const build = (words: number): string => (words === 0 ? whole : `${whole}// ${filler.slice(0, words).join(" ")}\n`);
  const words = await largestFitting(filler.length, async (value) => (await count(build(value))) <= tokens);
  const sized = build(words);
  return (await count(sized)) <= tokens ? sized : cutToTokens(filler.join(" "), tokens, count);
}

function assemble(totalLines: number, seed: number): string {
  return promptParts
    .map((part, index) => assemblePart(part, Math.round(totalLines * part.share), seed + index))
    .join("");
}

function assemblePart(part: PromptPart, lines: number, seed: number): string {
  const random = seededRandom(seed * 1000);
  const body = Array.from({ length: lines }, (_, index) => `${part.line(random, index)}\n`);
  return `${part.heading}\n${body.join("")}`;
}

/** A question and terminal output behind it, filled up with short words to the wished length. */
async function suffixText(question: string, tokens: number, seed: number, count: CountTokens): Promise<string> {
  if (tokens === 0) return "";
  const random = seededRandom(seed * 1000 + 17);
  const output = Array.from({ length: Math.ceil(tokens / 4) }, () => outputLine(random)).join("\n");
  const cut = await cutToTokens(`${question}\n${output}`, tokens, count);
  const filler = looseWords(random, 24).split(" ");
  const build = (words: number): string => [cut, ...filler.slice(0, words)].join(" ");
  return build(await largestFitting(filler.length, async (words) => (await count(build(words))) <= tokens));
}

/** One changed word in one line of a pinned file, about two thirds into the text. */
function editPinnedFile(stable: string): string {
  const place = stable.indexOf("return ", Math.floor((stable.length * 2) / 3));
  if (place === -1) return stable.replace(/(\S+)(\s*)$/, "zebra$2");
  return `${stable.slice(0, place)}await ${stable.slice(place + "return ".length)}`;
}
