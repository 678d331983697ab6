import type { Report } from "../schema/report.ts";
import type { SectionName } from "../schema/section.ts";
import {
  formatCount,
  formatIntervalMilliseconds,
  formatMegabytes,
  formatMegabytesPerSecond,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "./units.ts";

/** One line of the table of sections. */
export interface SectionRow {
  readonly section: string;
  readonly tokens: string;
  readonly firstToken: string;
  readonly interval: string;
  readonly more: string;
}

/** The sections as lines, each number with what it is; a section that was not measured says why. */
export function sectionRows(report: Report): SectionRow[] {
  const { cold_full_prefill: cold, warm_same_prefix: same, warm_changed_suffix: changed, decode } = report;
  return [
    row(report, "cold_full_prefill", {
      tokens: `${formatCount(cold.tokens)} evaluated`,
      firstToken: formatMilliseconds(cold.ttft_ms),
      more: `prefix ${formatMilliseconds(cold.ms)}, ${formatRate(cold.prompt_tps)}`,
    }),
    row(report, "warm_same_prefix", {
      tokens: `${formatCount(same.cached_tokens)} reused, ${formatCount(same.new_tokens)} evaluated`,
      firstToken: formatMilliseconds(same.ttft_ms),
      more: `prefix ${formatMilliseconds(same.ms)}, hit rate ${formatPercent(same.hit_rate)}`,
    }),
    row(report, "warm_changed_suffix", {
      tokens: `${formatCount(changed.cached_tokens)} reused, suffix ${formatCount(changed.suffix_tokens)}`,
      firstToken: formatMilliseconds(changed.ttft_ms),
      more: `suffix ${formatMilliseconds(changed.ms)}, ${sameAsCold(changed.output_equals_cold)}`,
    }),
    editedRow(report),
    ...editRows(report),
    row(report, "decode", {
      tokens: `${formatCount(decode.output_tokens)} generated`,
      firstToken: "",
      more: formatRate(decode.tokens_per_sec),
    }),
    ...curveRows(report),
    ...(["over_context", "cancel_prefill", "cancel_decode"] as const).map((name) => failureRow(report, name)),
    snapshotRow(report, "snapshot_save", ""),
    snapshotRow(report, "snapshot_restore", goesOn(report.snapshot_restore?.output_equals_original ?? null)),
  ];
}

function editedRow(report: Report): SectionRow {
  const edited = report.edited_stable_segment;
  const sample = report.sections.edited_stable_segment.samples[0];
  return row(report, "edited_stable_segment", {
    tokens: `${formatCount(sample?.reused_tokens ?? null)} reused, ${formatCount(sample?.prefilled_tokens ?? null)} evaluated`,
    firstToken: formatMilliseconds(sample?.ttft_ms ?? null),
    more: `${missed(edited.actual_cache_miss)}, ${sameAsCold(edited.output_equals_cold)}`,
  });
}

function editRows(report: Report): SectionRow[] {
  if (report.edit_positions.length === 0)
    return [row(report, "edit_positions", { tokens: "", firstToken: "", more: "" })];
  return report.edit_positions.map((edit) => ({
    section: "  edit",
    tokens: `${formatCount(edit.reused_tokens)} reused of ${formatCount(edit.common_tokens)} common`,
    firstToken: formatMilliseconds(edit.ttft_ms),
    interval: "",
    more: `${edit.edit}${edit.segment === null ? "" : ` (${edit.segment})`}, ${sameAsCold(edit.output_equals_cold)}`,
  }));
}

/** A failure case: how many of its checks hold, and how long an abort took at most. */
function failureRow(report: Report, name: "over_context" | "cancel_prefill" | "cancel_decode"): SectionRow {
  const checks = report.failure_details[name] ?? [];
  const held = checks.filter((check) => check["ok"] === true).length;
  const latencies = checks.map((check) => check["stop_latency_ms"]).filter((latency) => typeof latency === "number");
  const stopped = latencies.length === 0 ? "" : `, stopped within ${formatMilliseconds(Math.max(...latencies))}`;
  return row(report, name, { tokens: "", firstToken: "", more: `${held} of ${checks.length} checks hold${stopped}` });
}

function snapshotRow(report: Report, name: "snapshot_save" | "snapshot_restore", more: string): SectionRow {
  const { tokens = null, bytes = null, ms = null, mb_per_sec = null } = report[name] ?? {};
  const size = bytes === null ? "" : `, ${formatMegabytes(bytes)}`;
  const speed = `${formatMilliseconds(ms)}, ${formatMegabytesPerSecond(mb_per_sec)}`;
  return row(report, name, {
    tokens: `${formatCount(tokens)} resident${size}`,
    firstToken: "",
    more: more === "" ? speed : `${speed}, ${more}`,
  });
}

function goesOn(equal: boolean | null): string {
  return equal === null
    ? "answer not compared"
    : equal
      ? "answer as the original's"
      : "ANSWER DIFFERS FROM THE ORIGINAL'S";
}

function curveRows(report: Report): SectionRow[] {
  const section = report.sections.suffix_ttft_curve;
  if (report.suffix_ttft_curve.length === 0) {
    return [row(report, "suffix_ttft_curve", { tokens: "", firstToken: "", more: "" })];
  }
  return report.suffix_ttft_curve.map((point) => ({
    section: "suffix ttft curve",
    tokens: `suffix ${formatCount(point.suffix_tokens)}`,
    firstToken: formatMilliseconds(point.ttft_ms),
    interval: formatIntervalMilliseconds(section.statistics[`ttft_ms_at_${point.suffix_tokens}`]),
    more: "",
  }));
}

function row(report: Report, name: SectionName, cells: Omit<SectionRow, "section" | "interval">): SectionRow {
  const section = report.sections[name];
  const title = name.replaceAll("_", " ");
  if (section.status !== "measured") {
    const status = section.status.replaceAll("_", " ");
    return { section: title, tokens: "", firstToken: "", interval: "", more: `${status}: ${section.reason ?? ""}` };
  }
  const interval = formatIntervalMilliseconds(section.statistics["ttft_ms"]);
  return { section: title, ...cells, interval: cells.firstToken === "" ? "" : interval };
}

function sameAsCold(equal: boolean | null): string {
  return equal === null ? "answer not compared" : equal ? "answer as cold" : "ANSWER DIFFERS FROM COLD";
}

function missed(miss: boolean | null): string {
  return miss === null ? "miss not proved" : miss ? "nothing behind the edit reused" : "REUSED BEHIND THE EDIT";
}
