/**
 * What must not reach a terminal: control characters but line break and tab, marks that turn the direction of writing,
 * and the line separators that some terminals obey.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from a file or an engine, safe to print: control characters become visible escapes. The escapes are those of
 * JSON, so that the text of a JSON document stays the same document.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** {@link printable} on one line: a name with a line break must not look like two lines of ours. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
