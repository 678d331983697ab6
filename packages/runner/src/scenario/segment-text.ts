import type { TextPart } from "@benchreport/contract";

/** A line that opens a named part of a prompt: `## rules`, `## file: src/queue.ts`. */
const heading = /^## ([a-z][a-z0-9_]*)(?:: ?(\S+))?$/gm;

/**
 * Cuts a text at its headings into named parts (`system`, `rules`, `file:src/queue.ts`), so that a miss can be named.
 * What stands before the first heading is `preamble`; a text without headings is one part, `stable` or `question`.
 */
export function segmentText(text: string, stable: boolean): TextPart[] {
  if (text === "") return [];
  const fallback = stable ? "stable" : "question";
  const starts = [...text.matchAll(heading)].map((match) => ({
    at: match.index,
    kind: match[1] ?? fallback,
    detail: match[2],
  }));
  if (starts.length === 0) return [{ kind: fallback, name: fallback, text }];
  const names = new Map<string, number>();
  const parts = starts.map(({ at, kind, detail }, index) => ({
    kind,
    name: unique(detail === undefined ? kind : `${kind}:${detail}`, names),
    text: text.slice(at, starts[index + 1]?.at ?? text.length),
  }));
  const preamble = text.slice(0, starts[0]?.at ?? 0);
  return preamble === "" ? parts : [{ kind: "preamble", name: unique("preamble", names), text: preamble }, ...parts];
}

function unique(name: string, names: Map<string, number>): string {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}
