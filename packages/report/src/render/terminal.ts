import pc from "picocolors";
import type { Report } from "../schema/report.ts";
import type { Outcome, Verdict } from "../schema/verdict.ts";
import { describeRun } from "./describe-run.ts";
import { describeHeadline } from "./headline.ts";
import { renderPlainTable, wrapText } from "./plain-table.ts";
import { printableLine } from "./printable.ts";
import { sectionRows } from "./section-rows.ts";

export interface RenderOptions {
  /** Default false. */
  readonly color?: boolean | undefined;
  /** Columns of the terminal; without it nothing is wrapped. */
  readonly width?: number | undefined;
}

type Colors = ReturnType<typeof pc.createColors>;

const marks: Record<Outcome, string> = { pass: "✔", fail: "✘", inconclusive: "?", unsupported: "–", not_run: "·" };

/**
 * The report for a person at a terminal: the headline, what ran, a table of sections, verdicts, notes. Names and
 * answers come from files and models that nobody has checked: no control character of theirs is passed on.
 */
export function renderTerminal(report: Report, options: RenderOptions = {}): string {
  const colors = pc.createColors(options.color ?? false);
  const { width } = options;
  const blocks = [
    `${paintHeadline(report, colors)}\n${colors.dim(printableLine(describeRun(report)))}`,
    renderSections(report, colors, width),
    renderVerdicts(report.verdicts, colors, width),
    renderNotes(report.notes, colors, width),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function paintHeadline(report: Report, colors: Colors): string {
  const text = printableLine(describeHeadline(report));
  if (text.startsWith("FAILED")) return colors.bold(colors.red(text));
  return report.headline.shown ? colors.bold(colors.green(text)) : colors.bold(text);
}

function renderSections(report: Report, colors: Colors, width: number | undefined): string {
  const rows = sectionRows(report).map((row) => {
    const cells = [row.section, row.tokens, row.firstToken, row.interval, row.more].map(printableLine);
    return cells.map((cell, column) => (column === 3 && cell !== "" ? colors.dim(cell) : cell));
  });
  const head = ["section", "tokens", "first token", "interval"].map((title) => colors.dim(title));
  return renderPlainTable({ head: [...head, ""], rows, alignRight: [2], width });
}

function renderVerdicts(verdicts: readonly Verdict[], colors: Colors, width: number | undefined): string {
  const rows = verdicts.map(({ outcome, claim, explanation }) => {
    const paint = painter(outcome, colors);
    const mark = outcome === "pass" ? colors.green(marks.pass) : paint(marks[outcome]);
    return [`${mark} ${paint(printableLine(claim))}`, paint(printableLine(explanation))];
  });
  return renderPlainTable({ rows, width });
}

function painter(outcome: Outcome, colors: Colors): (text: string) => string {
  if (outcome === "pass") return (text) => text;
  if (outcome === "fail") return colors.red;
  return outcome === "inconclusive" ? colors.yellow : colors.dim;
}

function renderNotes(notes: readonly string[], colors: Colors, width: number | undefined): string {
  if (notes.length === 0) return "";
  const room = width === undefined ? undefined : width - 2;
  const list = notes.map((note) => `- ${wrapText(printableLine(note), room).replaceAll("\n", "\n  ")}`);
  return [colors.dim("Notes"), ...list].join("\n");
}
