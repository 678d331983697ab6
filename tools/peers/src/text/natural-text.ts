import type { SeededRandom } from "@benchreport/runner";

const SUBJECTS = ["The parser", "A worker", "This module", "The scheduler", "Every caller", "The cache", "Our client"];
const VERBS = ["reads", "keeps", "rejects", "copies", "waits for", "reports", "closes", "counts"];
const OBJECTS = ["the next record", "an open file", "a stale handle", "its own copy", "the last answer", "two sockets"];
const ENDINGS = [
  "before it returns",
  "when the queue is empty",
  "in the order of arrival",
  "without a lock",
  "at most once",
];

/** Pieces of plain English: made-up sentences about software, split before each word. */
export function naturalPieces(random: SeededRandom, count: number): string[] {
  const pieces: string[] = [];
  for (let sentence = 1; pieces.length < count; sentence++) {
    const parts = [random.pick(SUBJECTS), random.pick(VERBS), random.pick(OBJECTS), random.pick(ENDINGS)];
    const text = `${sentence}. ${parts.join(" ")}.\n`;
    pieces.push(...text.split(/(?= )/));
  }
  return pieces.slice(0, count);
}
