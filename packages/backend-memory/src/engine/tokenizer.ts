/** Marks the start of a prompt where the engine is set to want one. */
export const beginToken = 256;
/** Ends an answer. */
export const endToken = 257;

const firstPrintable = 0x20;
const lastPrintable = 0x7e;

/** What the engine may answer with: printable ASCII and the end token, so that every answer is whole text. */
export const answerTokens: readonly number[] = [
  ...Array.from({ length: lastPrintable - firstPrintable + 1 }, (_, index) => firstPrintable + index),
  endToken,
];

/** One token per UTF-8 byte, with the begin token first where `begin` says so. */
export function tokenize(text: string, begin: boolean): number[] {
  const bytes = Array.from(Buffer.from(text, "utf8"));
  return begin ? [beginToken, ...bytes] : bytes;
}

/** Text of an answer token; the end token has none. */
export function tokenText(token: number): string {
  return token >= firstPrintable && token <= lastPrintable ? String.fromCharCode(token) : "";
}
