import { type Report, type Section, sectionNames, type Verdict } from "@benchreport/report";
import type { Sample } from "../measure/sample.ts";
import { summariseMetric } from "../statistics/summarise-metric.ts";
import type { RunRecord } from "./run-record.ts";
import { turnsOf } from "./summarise-sections.ts";

/** Claims without which a ratio of times says nothing about a gain. */
const neededClaims = ["prefix_reused", "output_unchanged"] as const;

/**
 * Median cold over median warm time to the first token, with the widest ratio that the two ranges allow, and whether it
 * may be called a gain.
 */
export function summariseHeadline(
  record: RunRecord,
  verdicts: readonly Verdict[],
  sections: Report["sections"],
): Report["headline"] {
  const cold = firstTokenTimes("cold_full_prefill", record.samples);
  const warm = firstTokenTimes("warm_changed_suffix", record.samples);
  const comparable = cold !== undefined && warm !== undefined && warm.min > 0;
  const covered = comparable && cold.interval_coverage !== null && warm.interval_coverage !== null;
  const reason = whyNotShown(record, verdicts, sections) ?? whyNoRatio(comparable, covered);
  return {
    cold_ttft_ms: cold?.median ?? null,
    warm_ttft_ms: warm?.median ?? null,
    ratio: comparable ? cold.median / warm.median : null,
    interval: covered ? [cold.min / warm.max, cold.max / warm.min] : null,
    // Both medians lie within their ranges at least as often as neither range misses: the product, since the samples
    // are independent.
    interval_coverage: covered ? rangeCoverage(cold.count) * rangeCoverage(warm.count) : null,
    shown: reason === null,
    reason,
  };
}

function firstTokenTimes(section: "cold_full_prefill" | "warm_changed_suffix", samples: readonly Sample[]) {
  const times = turnsOf(section, samples).map((turn) => turn.ttftMs);
  return summariseMetric(times.filter((time): time is number => time !== undefined));
}

/** How often the range of so many samples holds the true median. */
function rangeCoverage(count: number): number {
  return 1 - 2 * 0.5 ** count;
}

function whyNotShown(record: RunRecord, verdicts: readonly Verdict[], sections: Report["sections"]): string | null {
  const failed = verdicts.find((verdict) => verdict.outcome === "fail");
  if (failed !== undefined) return `the claim ${failed.claim} failed.`;
  const undecided = verdicts.find((verdict) => verdict.outcome === "inconclusive");
  const broken = sectionNames.find((name) => (sections[name] as Section).status === "failed");
  if (broken !== undefined) return `the section ${broken} failed.`;
  if (record.end.stopped !== undefined) return record.end.stopped.reason;
  if (undecided !== undefined) return `the claim ${undecided.claim} is not proved.`;
  if (record.facts.capabilities.reuse.trim === "none") return "the engine reuses nothing.";
  if (record.facts.simulated) return "the engine is a simulation with a clock of its own.";
  const open = neededClaims.find((claim) => verdicts.find((verdict) => verdict.claim === claim)?.outcome !== "pass");
  return open === undefined ? null : `the claim ${open} is not proved.`;
}

function whyNoRatio(comparable: boolean, covered: boolean): string | null {
  if (!comparable) return "cold or warm turns were not measured.";
  return covered ? null : "one repetition has no spread; at least two are needed.";
}
