import { printableLine } from "./printable.ts";

/**
 * A text of others as plain words of GitHub's Markdown, on one line: nothing in it is markup, HTML, a link, a mention or
 * the border of a table's cell.
 */
export function markdownText(text: string): string {
  return printableLine(text)
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@|#(?=\d)|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, "$&&#8203;")
    .replace(/^\s*(?:[#+=-]|\d+(?=[.)](?:\s|$)))/, escapeBlock);
}

/** A name as code, on one line; the border of a table's cell is escaped there too. */
export function markdownCode(text: string): string {
  const line = printableLine(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 || line.trim() === "" ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** What would begin a heading, a list or a rule at the start of a line. */
function escapeBlock(marker: string): string {
  return /\d$/.test(marker) ? `${marker}&#8203;` : `${marker.slice(0, -1)}\\${marker.slice(-1)}`;
}
