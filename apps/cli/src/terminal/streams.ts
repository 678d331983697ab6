import { printable } from "@benchreport/report/printable";

/** Data for other programs and for the reader. */
export function writeOutput(text: string): void {
  process.stdout.write(presentable(text, wantsColor(process.stdout)));
}

/** Everything else: what is happening, warnings, errors. */
export function writeError(text: string): void {
  process.stderr.write(presentable(text, wantsColor(process.stderr)));
}

/** Whether a stream's reader wants colours: a terminal, unless NO_COLOR says otherwise. */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** Columns that lines are fitted to: the terminal's, else what COLUMNS says, else 80. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  const columns = stream.columns ?? Number(process.env["COLUMNS"]);
  return columns >= narrowestTerminal ? columns : usualColumns;
}

const usualColumns = 80;
/** Some pseudo terminals say 0. */
const narrowestTerminal = 20;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that we write ourselves
const colorSequence = /(\u001b\[\d{1,2}m)/;

/**
 * The border to the terminal: whatever a text is made of, no control character passes but line break, tab and colours.
 * Texts of others are made printable before they are coloured, so that no colour of theirs passes either.
 */
export function presentable(text: string, color: boolean): string {
  const parts = color ? text.split(colorSequence) : [text];
  const safe = parts.map((part, index) => (index % 2 === 0 ? printable(part) : part)).join("");
  return safe.endsWith("\n") ? safe : `${safe}\n`;
}
