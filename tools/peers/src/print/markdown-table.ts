/** A table in Markdown whose columns line up in a terminal too. Columns listed in `alignRight` hold numbers. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignRight: readonly number[] = [],
): string {
  const widths = head.map((cell, column) =>
    Math.max(SHORTEST_RULE, ...[cell, ...rows.map((row) => row[column] ?? "")].map((text) => text.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? "", width, alignRight.includes(column))).join(" | ")} |`;
  const rules = widths.map((width, column) =>
    alignRight.includes(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), line(rules), ...rows.map(line)].join("\n");
}

const SHORTEST_RULE = 3;

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}
