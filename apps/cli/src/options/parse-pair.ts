import { InvalidArgumentError } from "commander";

export type Pair = readonly [key: string, value: string];

/** Collects a repeatable KEY=VALUE option; each key once. */
export function collectPairs(text: string, before: readonly Pair[] | undefined): Pair[] {
  const pair = parsePair(text);
  if (before?.some(([key]) => key === pair[0])) throw new InvalidArgumentError(`"${pair[0]}" is given twice.`);
  return [...(before ?? []), pair];
}

/** Collects a repeatable KIND=PATH option; a kind may be written to several places. */
export function collectOutputs(text: string, before: readonly Pair[] | undefined): Pair[] {
  return [...(before ?? []), parsePair(text)];
}

function parsePair(text: string): Pair {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must have the form KEY=VALUE.");
  return [text.slice(0, at), text.slice(at + 1)];
}
