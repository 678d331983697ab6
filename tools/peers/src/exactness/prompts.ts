import type { Backend } from "@benchreport/contract";
import type { LlamaModel } from "@benchreport/llama-kv";
import { seededRandom } from "@benchreport/runner";
import { countWith } from "../session/count-tokens.ts";
import { fillText } from "../text/fill-text.ts";
import { naturalPieces } from "../text/natural-text.ts";
import { randomPieces } from "../text/random-pieces.ts";

/** One prompt of the table. */
export interface Prompt {
  readonly kind: "random" | "text";
  readonly prefix: string;
  /** What the session held before the edit that makes it `prefix`: one piece near its end is another. */
  readonly before: string;
  readonly suffix: string;
  /** Takes long enough to be aborted. */
  readonly longSuffix: string;
}

export interface PromptSizes {
  readonly promptsOfEachKind: number;
  /** Of the first prompt; each further one is a token longer. */
  readonly prefixTokens: number;
  readonly suffixTokens: number;
}

/**
 * From 321 to 332 tokens: no multiple of any chunk size in the table, and more than the largest, so that an edit near
 * the end leaves whole chunks and a partial one.
 */
export const fullPromptSizes: PromptSizes = { promptsOfEachKind: 12, prefixTokens: 321, suffixTokens: 24 };
export const smokePromptSizes: PromptSizes = { promptsOfEachKind: 1, prefixTokens: 101, suffixTokens: 8 };

/** Where the edit is, as a part of the prefix's pieces. */
const EDIT_POSITION = 0.9;

/** The same prompts for every row: half random tokens, half plain English. */
export async function createPrompts(engine: Backend, model: LlamaModel, sizes: PromptSizes): Promise<Prompt[]> {
  const prompts: Prompt[] = [];
  for (const kind of ["random", "text"] as const) {
    for (let index = 0; index < sizes.promptsOfEachKind; index++) {
      const random = seededRandom(1 + 2 * index + (kind === "text" ? 1 : 0));
      const draw = (count: number): string[] =>
        kind === "random" ? randomPieces(random, count, model) : naturalPieces(random, count);
      const fill = (pieces: readonly string[], tokens: number, start: boolean): Promise<string> =>
        fillText(pieces, tokens, countWith(engine, { start }));

      const prefixTokens = sizes.prefixTokens + index;
      const prefix = await fill(draw(2 * prefixTokens), prefixTokens, true);
      prompts.push({
        kind,
        prefix,
        before: changeWord(prefix),
        suffix: await fill(draw(2 * sizes.suffixTokens), sizes.suffixTokens + (index % 5), false),
        longSuffix: await fill(draw(2 * prefixTokens), Math.ceil(prefixTokens / 2), false),
      });
    }
  }
  return prompts;
}

/** The text with another character in one place near its end. */
function changeWord(text: string): string {
  const characters = [...text];
  const at = Math.floor(characters.length * EDIT_POSITION);
  characters[at] = characters[at] === "x" ? "y" : "x";
  return characters.join("");
}
