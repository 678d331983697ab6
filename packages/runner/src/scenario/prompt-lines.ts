import type { SeededRandom } from "./seeded-random.ts";

const nouns = [
  "queue",
  "session",
  "cache",
  "parser",
  "router",
  "index",
  "buffer",
  "schema",
  "worker",
  "ledger",
  "client",
  "token",
];
const verbs = [
  "open",
  "close",
  "read",
  "write",
  "merge",
  "retry",
  "flush",
  "resolve",
  "collect",
  "validate",
  "split",
  "rank",
];
const types = ["string", "number", "boolean", "Uint8Array", "Promise<void>", "readonly string[]"];
const duties = [
  "Answer with the smallest change that solves the task",
  "Read the file before you edit it",
  "Never guess an interface that you can look up",
  "Keep each function on one level of abstraction",
  "Run the tests of the package that you changed",
  "Say what you did not check",
  "Prefer a clear name to a comment",
  "Report an error with its cause and its remedy",
  "Leave unrelated code as it is",
  "Ask when two readings of the task differ in effect",
];

/** A named part of the built-in prompt: its heading, its share of the tokens, and an endless supply of lines. */
export interface PromptPart {
  readonly heading: string;
  readonly share: number;
  line(random: SeededRandom, index: number): string;
}

/**
 * What a local coding agent sends again and again: instructions, tools, rules, a map of the repository, pinned files.
 */
export const promptParts: readonly PromptPart[] = [
  { heading: "## system", share: 0.1, line: (random) => `${random.pick(duties)}.` },
  {
    heading: "## tools",
    share: 0.18,
    line: (random) =>
      `- ${random.pick(verbs)}_${random.pick(nouns)}(path: ${random.pick(types)}, limit: number): ${random.pick(types)}. ${random.pick(duties)}.`,
  },
  {
    heading: "## rules",
    share: 0.14,
    line: (random, index) => `${index + 1}. ${random.pick(duties)}; this holds for every ${random.pick(nouns)} too.`,
  },
  {
    heading: "## repo_map",
    share: 0.24,
    line: (random) =>
      `src/${random.pick(nouns)}/${random.pick(verbs)}-${random.pick(nouns)}.ts: ${random.pick(verbs)}, ${random.pick(verbs)}`,
  },
  { heading: "## file: src/queue/retry.ts", share: 0.17, line: codeLine },
  { heading: "## file: src/cache/index.ts", share: 0.17, line: codeLine },
];

/** A line of the volatile part: a piece of terminal output or of a diff. */
export function outputLine(random: SeededRandom): string {
  const file = `src/${random.pick(nouns)}/${random.pick(nouns)}.ts`;
  const place = `${random.below(400) + 1}:${random.below(40) + 1}`;
  return `${file}:${place} expected ${random.pick(types)} from ${random.pick(verbs)}_${random.pick(nouns)}`;
}

/** Two questions about the same prompt. */
export const questions = [
  "Why does this test fail, and what is the fix?",
  "Which function should change first, and how?",
] as const;

/** Words without any order, for texts that no cache can know. */
export function looseWords(random: SeededRandom, count: number): string {
  const words = [...nouns, ...verbs, "green", "seven", "window", "river", "stone", "letter", "north", "cloud"];
  return Array.from({ length: count }, () => random.pick(words)).join(" ");
}

function codeLine(random: SeededRandom, index: number): string {
  const name = `${random.pick(verbs)}${capital(random.pick(nouns))}`;
  const body = `return ${random.pick(nouns)}.${random.pick(verbs)}(${random.pick(nouns)}, ${random.below(900)});`;
  return index % 3 === 2
    ? "}"
    : index % 3 === 1
      ? `  ${body}`
      : `export function ${name}(value: ${random.pick(types)}) {`;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
