import { type Report, type Section, type SectionName, type Statistics, sectionNames } from "@benchreport/report";
import type { ErrorSample, FailureSample, Sample, TurnSample } from "../measure/sample.ts";
import type { SkippedSection } from "../plan/step.ts";
import { summariseMetric } from "../statistics/summarise-metric.ts";
import { decodeRate, mapSample, promptRate } from "./map-sample.ts";
import type { RunEnd, RunFacts } from "./run-record.ts";
import { snapshotStatistics, snapshotTimings } from "./summarise-snapshots.ts";

/** Each section with its status, samples and statistics. */
export function summariseSections(
  samples: readonly Sample[],
  skipped: readonly SkippedSection[],
  end: RunEnd,
): Report["sections"] {
  const sections = sectionNames.map((name) => [name, summariseSection(name, samples, skipped, end)] as const);
  return Object.fromEntries(sections) as Report["sections"];
}

/** Turns whose numbers feed a section of the report. Decode is fed by cold and warm turns of the same input. */
export function turnsOf(section: SectionName, samples: readonly Sample[]): TurnSample[] {
  const turns = samples.filter((sample): sample is TurnSample => sample.kind === "turn");
  const sources: readonly SectionName[] = section === "decode" ? ["cold_full_prefill", "warm_same_prefix"] : [section];
  return turns.filter((turn) => turn.step.section !== undefined && sources.includes(turn.step.section));
}

function summariseSection(
  name: SectionName,
  samples: readonly Sample[],
  skipped: readonly SkippedSection[],
  end: RunEnd,
): Section {
  const turns = turnsOf(name, samples);
  const cases = samples.filter(
    (sample): sample is FailureSample => sample.kind === "failure_case" && sample.section === name,
  );
  const error = samples.find((sample): sample is ErrorSample => sample.kind === "error" && sample.section === name);
  const left = skipped.find((one) => one.section === name);
  const timings = snapshotTimings(name, samples);
  const measured = turns.length > 0 || cases.length > 0 || timings.length > 0;
  const status = error ? "failed" : measured ? "measured" : (left?.status ?? "not_run");
  const stop = end.stopped?.reason ?? "the run has no step for it";
  return {
    status,
    reason: error?.message ?? (measured ? null : (left?.reason ?? stop)),
    error_code: error?.code ?? null,
    samples: [...turns.map(mapSample), ...timings.map((timing, index) => ({ repetition: index + 1, ...timing }))],
    statistics: { ...summariseTurns(name, turns), ...snapshotStatistics(timings) },
  };
}

function summariseTurns(section: SectionName, turns: readonly TurnSample[]): Record<string, Statistics> {
  const metrics = metricsOf(section, turns);
  return Object.fromEntries(
    metrics.flatMap(([name, values]) => {
      const statistics = summariseMetric(values.filter((value): value is number => value !== undefined));
      return statistics === undefined ? [] : [[name, statistics]];
    }),
  );
}

type Metric = readonly [name: string, values: readonly (number | undefined)[]];

/**
 * Only turns of one kind are summarised together: edits differ among themselves, and decode is fed by cold and warm
 * turns.
 */
function metricsOf(section: SectionName, turns: readonly TurnSample[]): readonly Metric[] {
  const generation: readonly Metric[] = [
    ["decode_ms", turns.map((turn) => turn.decodeMs)],
    ["itl_ms", turns.flatMap((turn) => turn.itlMs)],
    ["tokens_per_sec", turns.map(decodeRate)],
  ];
  if (section === "edit_positions") return [];
  if (section === "decode") return generation;
  if (section === "suffix_ttft_curve") {
    return curvePoints(turns).map((point): Metric => [`ttft_ms_at_${point.suffixTokens}`, point.ttftMs]);
  }
  return [
    ["prefix_ms", turns.map((turn) => turn.prefixMs)],
    ["suffix_ms", turns.map((turn) => turn.suffixMs)],
    ["ttft_ms", turns.map((turn) => turn.ttftMs)],
    ["turn_ms", turns.map((turn) => turn.turnMs)],
    ["prompt_tps", turns.map(promptRate)],
    ...generation,
  ];
}

/** The turns of the curve by point, in the order of the suffixes. */
export function curvePoints(turns: readonly TurnSample[]): {
  readonly suffixTokens: number | undefined;
  readonly ttftMs: readonly (number | undefined)[];
}[] {
  const points = new Map<string, TurnSample[]>();
  for (const turn of turns) {
    const { name } = turn.step.request.suffix;
    points.set(name, [...(points.get(name) ?? []), turn]);
  }
  return [...points]
    .sort(([left], [right]) => left.localeCompare(right, "en", { numeric: true }))
    .map(([, point]) => ({ suffixTokens: point[0]?.suffixTokens, ttftMs: point.map((turn) => turn.ttftMs) }));
}

/** A turn that took so many times the median was disturbed, by whatever else the machine did. */
const busyFactor = 1.5;

/** Why every section that has no numbers has none, in words. */
export function sectionNotes(sections: Report["sections"], facts: Pick<RunFacts, "capabilities">): string[] {
  const groups = new Map<string, string[]>();
  const notes: string[] = [];
  for (const name of sectionNames) {
    const { status, reason, statistics } = sections[name];
    const times = statistics["ttft_ms"];
    if (times !== undefined && times.max > busyFactor * times.median) {
      const factor = (times.max / times.median).toFixed(1);
      notes.push(`${name}: the slowest of ${times.count} turns took ${factor} times the median; was the machine busy?`);
    }
    if (status === "measured") continue;
    const why = `${status.replaceAll("_", " ")}: ${reason ?? ""}`;
    groups.set(why, [...(groups.get(why) ?? []), name]);
  }
  notes.push(...[...groups].map(([why, names]) => `${names.join(", ")}: ${why}`));
  if (facts.capabilities.phases === "deferred") {
    notes.push(
      "The engine evaluates prefix and suffix only when decode starts: their times are null, only times from the turn's start mean something.",
    );
  }
  return notes;
}
