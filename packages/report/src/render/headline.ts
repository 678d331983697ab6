import type { Report } from "../schema/report.ts";
import { formatMilliseconds, formatPercent, significant } from "./units.ts";

/** The report in one sentence: what failed, or what is not proved, or what warm reuse saves, with its interval. */
export function describeHeadline(report: Report): string {
  const failed = report.verdicts.filter((verdict) => verdict.outcome === "fail");
  const [first] = failed;
  if (first !== undefined) {
    const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : "";
    return `FAILED: ${first.claim}${others}. ${first.explanation}`;
  }
  const broken = Object.entries(report.sections).find(([, section]) => isFailed(section));
  if (broken !== undefined)
    return `FAILED: section ${broken[0]}. ${report.sections[broken[0] as "decode"].reason ?? ""}`;
  if (!report.complete) return `Not finished: ${report.headline.reason ?? "the run stopped early."}`;
  const inconclusive = report.verdicts.find((verdict) => verdict.outcome === "inconclusive");
  if (inconclusive !== undefined) return `Not proved: ${inconclusive.claim}. ${inconclusive.explanation}`;
  return describeGain(report);
}

function describeGain({ headline }: Report): string {
  const { ratio, interval, interval_coverage, cold_ttft_ms, warm_ttft_ms } = headline;
  if (!headline.shown || ratio === null || interval === null)
    return `No gain shown: ${headline.reason ?? "not measured"}`;
  const [low, high] = interval.map(significant);
  const times = `first token after ${formatMilliseconds(warm_ttft_ms)} instead of ${formatMilliseconds(cold_ttft_ms)}`;
  const width = `${low} to ${high}, ${formatPercent(interval_coverage)} coverage`;
  return `A warm prefix answers ${significant(ratio)} times sooner (${width}): ${times}.`;
}

function isFailed(section: unknown): boolean {
  return typeof section === "object" && section !== null && (section as { status?: unknown }).status === "failed";
}
