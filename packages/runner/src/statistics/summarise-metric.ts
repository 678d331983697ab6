import type { Statistics } from "@benchreport/report";
import { max, mean, median, medianAbsoluteDeviation, min, quantile, sampleStandardDeviation } from "simple-statistics";
import { medianInterval } from "./median-interval.ts";

/**
 * Modified z-score beyond which a sample counts as an outlier, and the factor that makes MAD a standard deviation:
 * Iglewicz and Hoaglin, 1993.
 */
const outlierScore = 3.5;
const deviationPerMad = 1.4826;

/** Describes one metric's samples; `undefined` for none. Throws `RangeError` for a sample that is not finite. */
export function summariseMetric(samples: readonly number[]): Statistics | undefined {
  if (samples.length === 0) return undefined;
  const values = [...samples].sort((left, right) => left - right);
  if (!values.every(Number.isFinite)) throw new RangeError("summariseMetric: every sample must be a finite number");
  const interval = medianInterval(values);
  return {
    count: values.length,
    mean: mean(values),
    median: median(values),
    stddev: values.length < 2 ? null : sampleStandardDeviation(values),
    mad: values.length < 2 ? null : medianAbsoluteDeviation(values),
    min: min(values),
    max: max(values),
    interval: interval === undefined ? null : [interval.low, interval.high],
    interval_coverage: interval?.coverage ?? null,
    p95: values.length < 20 ? null : quantile(values, 0.95),
    p99: values.length < 100 ? null : quantile(values, 0.99),
    outliers: countOutliers(values),
  };
}

/** The median, or null where nothing was measured. */
export function medianOrNull(samples: readonly (number | undefined)[]): number | null {
  const values = samples.filter((value): value is number => value !== undefined);
  return values.length === 0 ? null : median(values);
}

function countOutliers(values: number[]): number {
  if (values.length < 3) return 0;
  const center = median(values);
  const limit = outlierScore * deviationPerMad * medianAbsoluteDeviation(values);
  return values.filter((value) => Math.abs(value - center) > limit).length;
}
