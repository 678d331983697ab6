import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

export interface PlainTable {
  readonly head?: readonly string[] | undefined;
  /** Cells of one line each, as many in every row. The last column is prose: it is wrapped where it does not fit. */
  readonly rows: readonly (readonly string[])[];
  /** Columns whose cells end at the same place. */
  readonly alignRight?: readonly number[] | undefined;
  /** Columns of the terminal; `undefined`: nothing is wrapped. */
  readonly width?: number | undefined;
}

const gap = "  ";
/** A column of prose that is narrower than this goes below its row. */
const narrowestProse = 24;
const indentBelow = 4;

/** A table without lines. Cells may hold colours. */
export function renderPlainTable(table: PlainTable): string {
  const lines = [...(table.head === undefined ? [] : [table.head]), ...table.rows];
  const columns = Math.max(0, ...lines.map((row) => row.length));
  const widths = Array.from({ length: columns - 1 }, (_, column) =>
    Math.max(...lines.map((row) => stringWidth(row[column] ?? ""))),
  );
  const layout = { table, columns, widths, placeProse: placeProse(table, widths, lines) };
  return lines.map((row) => renderRow(row, layout)).join("\n");
}

/** Wraps every line of a text at spaces; a longer word stays whole. */
export function wrapText(text: string, width: number | undefined): string {
  return width === undefined ? text : wrapAnsi(text, Math.max(1, width), { hard: false });
}

type ProsePlace = { readonly below: boolean; readonly start: number; readonly width: number | undefined };

interface Layout {
  readonly table: PlainTable;
  readonly columns: number;
  readonly widths: readonly number[];
  readonly placeProse: ProsePlace;
}

function placeProse({ width }: PlainTable, widths: readonly number[], lines: PlainTable["rows"]): ProsePlace {
  const start = widths.reduce((sum, column) => sum + column + gap.length, 0);
  if (width === undefined) return { below: false, start, width: undefined };
  const longest = Math.max(0, ...lines.map((row) => stringWidth(row.at(-1) ?? "")));
  const below = width - start < Math.min(longest, narrowestProse);
  return { below, start, width: below ? width - indentBelow : width - start };
}

function renderRow(row: readonly string[], { table, columns, widths, placeProse: place }: Layout): string {
  const cells = widths.map((width, column) => {
    const cell = row[column] ?? "";
    const space = " ".repeat(width - stringWidth(cell));
    return table.alignRight?.includes(column) === true ? space + cell : cell + space;
  });
  const prose = row[columns - 1] ?? "";
  const before = cells.join(gap);
  if (!place.below)
    return indentRest([before, wrapText(prose, place.width)].join(cells.length > 0 ? gap : ""), place.start);
  const beside = besideLastFilled(cells, prose, table.width ?? 0);
  if (beside !== undefined) return beside;
  const below =
    prose === "" ? "" : `\n${" ".repeat(indentBelow)}${indentRest(wrapText(prose, place.width), indentBelow)}`;
  return before.trimEnd() + below;
}

/** Prose that goes below its row has room beside it where the row's last cells are empty. */
function besideLastFilled(cells: readonly string[], prose: string, width: number): string | undefined {
  const filled = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== "") + 1);
  const line = [...filled, prose].join(gap);
  return filled.length < cells.length && stringWidth(line) <= width ? line.trimEnd() : undefined;
}

function indentRest(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? line : " ".repeat(columns) + line.trimStart()).trimEnd())
    .join("\n");
}
