import type { Harness } from "../harness/harness.ts";

/** Token counters of a harness's engine, for text at the start of a prompt and behind one. */
export function countTokens(harness: Harness): {
  readonly stable: (text: string) => Promise<number>;
  readonly suffix: (text: string) => Promise<number>;
} {
  const count = async (text: string, start: boolean): Promise<number> =>
    text === "" ? 0 : (await harness.backend.tokenize(text, { start })).length;
  return { stable: (text) => count(text, true), suffix: (text) => count(text, false) };
}
