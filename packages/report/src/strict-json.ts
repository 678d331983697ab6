/** Deeper than any report or scenario, and shallow enough for every reader that calls itself for each level. */
const deepest = 100;
/** Characters of a hostile text that an error repeats. */
const shownCharacters = 60;

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/**
 * Reads JSON of which nothing is lost on the way: what `JSON.parse` takes silently and other readers see otherwise is
 * refused. That is a key that stands twice in an object, the key `__proto__`, a number beyond all that can be held, and
 * nesting deeper than 100 levels.
 */
export function parseStrictJson(text: string): StrictJson {
  const oddity = findOddity(text);
  // A parser's time and memory are not to be had for the asking.
  if (oddity?.kind === "depth") return { ok: false, message: oddity.message };
  try {
    const value: unknown = JSON.parse(text);
    return oddity === undefined ? { ok: true, value } : { ok: false, message: oddity.message };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, message: `it is not JSON: ${error.message}` };
  }
}

interface Oddity {
  readonly kind: "depth" | "other";
  readonly message: string;
}

/** The first oddity of a text; where the text is no JSON, what is found means nothing, but for its depth. */
function findOddity(text: string): Oddity | undefined {
  // The keys so far of each object around the current place; `undefined` for a list.
  const around: (Set<string> | undefined)[] = [];
  let found: Oddity | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const keys = around.at(-1);
      if (keys !== undefined && isKey(text, end)) found ??= findOddKey(text.slice(at, end), keys);
      at = end - 1;
    } else if (character === "{" || character === "[") {
      around.push(character === "{" ? new Set() : undefined);
      if (around.length > deepest) return { kind: "depth", message: `it is nested more than ${deepest} levels deep` };
    } else if (character === "}" || character === "]") {
      around.pop();
    } else if (character !== undefined && isOfNumber(character)) {
      const end = endOfNumber(text, at);
      found ??= findOddNumber(text.slice(at, end));
      at = end - 1;
    }
  }
  return found;
}

/** Behind the closing quotation mark. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && " \t\r\n".includes(text[at] ?? "")) at++;
  return text[at] === ":";
}

function findOddKey(literal: string, keys: Set<string>): Oddity | undefined {
  const key = readKey(literal);
  if (key === "__proto__") {
    return { kind: "other", message: 'it has the key "__proto__", which means another thing to many programs' };
  }
  if (keys.has(key)) {
    return { kind: "other", message: `the key ${shorten(literal)} stands twice in one object: which one counts?` };
  }
  keys.add(key);
  return undefined;
}

/** Two spellings of one key are one key. */
function readKey(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}

function isOfNumber(character: string): boolean {
  return character === "-" || (character >= "0" && character <= "9");
}

function endOfNumber(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[\d.eE+-]/.test(text[at] ?? "")) at++;
  return at;
}

function findOddNumber(literal: string): Oddity | undefined {
  if (Number.isFinite(Number(literal))) return undefined;
  return { kind: "other", message: `the number ${shorten(literal)} is too large to be held` };
}

function shorten(text: string): string {
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters)}…`;
}
