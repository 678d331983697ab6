import { InvalidArgumentError } from "commander";

export type Pair = readonly [key: string, value: string];

/** Collects a repeatable KEY=VALUE option; each key once. */
export function collectPairs(text: string, before: readonly Pair[] | undefined): Pair[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`It must have the form KEY=VALUE.`);
  const pair: Pair = [text.slice(0, at), text.slice(at + 1)];
  if (before?.some(([key]) => key === pair[0])) throw new InvalidArgumentError(`"${pair[0]}" is given twice.`);
  return [...(before ?? []), pair];
}
