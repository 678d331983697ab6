import type { Report, SectionName, Statistics } from "@benchreport/report";
import type { Sample, SnapshotSample, SnapshotTiming } from "../measure/sample.ts";
import { answerCheck } from "../measure/snapshot-roundtrip.ts";
import { medianOrNull, summariseMetric } from "../statistics/summarise-metric.ts";

const bytesPerMegabyte = 1e6;
const millisecondsPerSecond = 1000;

/** The two snapshot fields of the report; null where none was taken. */
export function summariseSnapshots(
  snapshots: readonly SnapshotSample[],
): Pick<Report, "snapshot_save" | "snapshot_restore"> {
  const [snapshot] = snapshots;
  if (snapshot === undefined) return { snapshot_save: null, snapshot_restore: null };
  const answer = snapshot.checks.find(({ check }) => check === answerCheck);
  return {
    snapshot_save: summariseTimings(snapshot.saves),
    snapshot_restore: { ...summariseTimings(snapshot.restores), output_equals_original: answer?.ok ?? null },
  };
}

/** What was saved or restored, for a section of the report. */
export function snapshotTimings(section: SectionName, samples: readonly Sample[]): readonly SnapshotTiming[] {
  const snapshots = samples.filter((sample): sample is SnapshotSample => sample.kind === "snapshot");
  if (section === "snapshot_save") return snapshots.flatMap(({ saves }) => saves);
  return section === "snapshot_restore" ? snapshots.flatMap(({ restores }) => restores) : [];
}

export function snapshotStatistics(timings: readonly SnapshotTiming[]): Record<string, Statistics> {
  const ms = summariseMetric(timings.map((timing) => timing.ms));
  const rate = summariseMetric(timings.map(megabytesPerSecond).filter((value) => value !== undefined));
  return { ...(ms && { ms }), ...(rate && { mb_per_sec: rate }) };
}

function summariseTimings(timings: readonly SnapshotTiming[]) {
  return {
    tokens: timings[0]?.tokens ?? null,
    bytes: timings[0]?.bytes ?? null,
    ms: medianOrNull(timings.map(({ ms }) => ms)),
    mb_per_sec: medianOrNull(timings.map(megabytesPerSecond)),
  };
}

/** Nothing for a simulated engine that takes no time. */
function megabytesPerSecond({ bytes, ms }: SnapshotTiming): number | undefined {
  return ms === 0 ? undefined : bytes / bytesPerMegabyte / (ms / millisecondsPerSecond);
}
