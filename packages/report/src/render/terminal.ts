import Table from "cli-table3";
import pc from "picocolors";
import type { Report } from "../schema/report.ts";
import type { Outcome, Verdict } from "../schema/verdict.ts";
import { describeHeadline } from "./headline.ts";
import { sectionRows } from "./section-rows.ts";
import { printableReport } from "./units.ts";

export interface RenderOptions {
  /** Default false. */
  readonly color?: boolean | undefined;
}

type Colors = ReturnType<typeof pc.createColors>;

const marks: Record<Outcome, string> = { pass: "✔", fail: "✘", inconclusive: "?", unsupported: "–", not_run: "·" };

/** The report for a person at a terminal: the headline, what ran, a table of sections, verdicts, notes. */
export function renderTerminal(untrusted: Report, options: RenderOptions = {}): string {
  const report = printableReport(untrusted);
  const colors = pc.createColors(options.color ?? false);
  const blocks = [
    `${paintHeadline(report, colors)}\n${colors.dim(describeRun(report))}`,
    renderTable(report, colors),
    renderVerdicts(report.verdicts, colors),
    renderNotes(report.notes, colors),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** What ran: engine, version, device, model, settings that decide the speed. */
function describeRun({ engine, model_info }: Report): string {
  const quantization = model_info.quantization === null ? "" : ` ${model_info.quantization}`;
  const threads = engine.settings["threads"];
  const parts = [engine.version, engine.device, `${model_info.name} (${model_info.architecture}${quantization})`];
  if (typeof threads === "number") parts.push(threads === 1 ? "1 thread" : `${threads} threads`);
  return parts.join(" · ");
}

function paintHeadline(report: Report, colors: Colors): string {
  const text = describeHeadline(report);
  if (text.startsWith("FAILED")) return colors.bold(colors.red(text));
  return report.headline.shown ? colors.bold(colors.green(text)) : colors.bold(text);
}

function renderTable(report: Report, colors: Colors): string {
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
  const inner = { "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" };
  const outer = { right: "", "right-mid": "", middle: "  " };
  const table = new Table({
    head: ["section", "tokens", "first token", "interval", ""].map((title) => colors.dim(title)),
    chars: { ...none, ...inner, ...outer },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
    colAligns: ["left", "left", "right", "left", "left"],
  });
  for (const row of sectionRows(report)) {
    table.push([row.section, row.tokens, row.firstToken, colors.dim(row.interval), row.more]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function renderVerdicts(verdicts: readonly Verdict[], colors: Colors): string {
  const width = Math.max(0, ...verdicts.map((verdict) => verdict.claim.length));
  return verdicts
    .map((verdict) => {
      const line = `${marks[verdict.outcome]} ${verdict.claim.padEnd(width)}  ${verdict.explanation}`;
      return paint(verdict.outcome, colors)(line);
    })
    .join("\n");
}

function paint(outcome: Outcome, colors: Colors): (text: string) => string {
  if (outcome === "pass") return (text) => text.replace(marks.pass, colors.green(marks.pass));
  if (outcome === "fail") return colors.red;
  return outcome === "inconclusive" ? colors.yellow : colors.dim;
}

function renderNotes(notes: readonly string[], colors: Colors): string {
  return notes.length === 0 ? "" : [colors.dim("Notes"), ...notes.map((note) => `- ${note}`)].join("\n");
}
