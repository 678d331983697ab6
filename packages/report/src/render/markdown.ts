import type { Report } from "../schema/report.ts";
import type { Outcome } from "../schema/verdict.ts";
import { describeRun } from "./describe-run.ts";
import { environmentRows } from "./environment-rows.ts";
import { describeHeadline } from "./headline.ts";
import { markdownCode, markdownText } from "./markdown-text.ts";
import { sectionRows } from "./section-rows.ts";

const marks: Record<Outcome, string> = {
  pass: "✔ pass",
  fail: "✘ **FAIL**",
  inconclusive: "? inconclusive",
  unsupported: "– unsupported",
  not_run: "· not run",
};

/**
 * The report for a pull request, in GitHub's Markdown: the headline, what ran, tables of sections and verdicts, notes,
 * and, folded, what it ran on.
 */
export function renderMarkdown(report: Report): string {
  const blocks = [
    `**${markdownText(describeHeadline(report))}**`,
    markdownText(describeRun(report)),
    renderSections(report),
    renderVerdicts(report),
    renderNotes(report.notes),
    renderEnvironment(report),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function renderSections(report: Report): string {
  const rows = sectionRows(report).map((row) =>
    [row.section.trimStart(), row.tokens, row.firstToken, row.interval, row.more].map(markdownText),
  );
  return renderTable(["section", "tokens", "first token", "interval", ""], rows, ["", "", "right", "", ""]);
}

function renderVerdicts({ verdicts }: Report): string {
  const rows = verdicts.map(({ claim, outcome, explanation }) => [
    markdownCode(claim),
    marks[outcome],
    markdownText(explanation),
  ]);
  return renderTable(["claim", "outcome", "why"], rows);
}

function renderNotes(notes: readonly string[]): string {
  return notes.map((note) => `- ${markdownText(note)}`).join("\n");
}

function renderEnvironment(report: Report): string {
  const rows = environmentRows(report).map(({ name, value, isCode }) => [
    name,
    isCode ? markdownCode(value) : markdownText(value),
  ]);
  return `<details>\n<summary>Environment</summary>\n\n${renderTable(["", ""], rows)}\n\n</details>`;
}

function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly string[] = head.map(() => ""),
): string {
  const rule = alignments.map((alignment) => (alignment === "right" ? "---:" : "---"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
