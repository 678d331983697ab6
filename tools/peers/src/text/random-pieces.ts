import type { LlamaModel } from "@benchreport/llama-kv";
import type { SeededRandom } from "@benchreport/runner";

/**
 * Pieces that are tokens drawn at random from the whole vocabulary. Sessions take text, so only tokens that are whole
 * characters are drawn; together they may be split in other places than they were joined.
 */
export function randomPieces(random: SeededRandom, count: number, model: LlamaModel): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const pieces: string[] = [];
  while (pieces.length < count) {
    const bytes = model.piece(random.below(model.facts.vocabularyTokens));
    try {
      const text = decoder.decode(bytes);
      if (text !== "") pieces.push(text);
    } catch {
      // Part of a character: draw again.
    }
  }
  return pieces;
}
