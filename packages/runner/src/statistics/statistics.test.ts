import { describe, expect, it } from "vitest";
import { medianInterval } from "./median-interval.ts";
import { medianOrNull, summariseMetric } from "./summarise-metric.ts";

describe("a metric's summary", () => {
  it("of five samples, worked out by hand", () => {
    // mean 30/5; deviations -4 -2 0 2 4, squares 40, /4 = 10; absolute deviations from 6: 4 2 0 2 4, median 2
    expect(summariseMetric([10, 2, 6, 8, 4])).toEqual({
      count: 5,
      mean: 6,
      median: 6,
      stddev: Math.sqrt(10),
      mad: 2,
      min: 2,
      max: 10,
      interval: [2, 10],
      interval_coverage: 0.9375,
      p95: null,
      p99: null,
      outliers: 0,
    });
  });
  it("of one sample has no spread and no interval", () => {
    expect(summariseMetric([3])).toMatchObject({
      count: 1,
      median: 3,
      stddev: null,
      mad: null,
      interval: null,
      interval_coverage: null,
    });
  });
  it("of none is none", () => expect(summariseMetric([])).toBeUndefined());
  it("of equal samples has no outliers", () => {
    expect(summariseMetric([5, 5, 5, 5])).toMatchObject({ stddev: 0, mad: 0, outliers: 0, interval: [5, 5] });
  });
  it("counts an outlier and keeps it", () => {
    expect(summariseMetric([10, 11, 10, 11, 10, 50])).toMatchObject({ outliers: 1, max: 50, count: 6 });
    expect(summariseMetric([1, 1, 1, 1, 9])).toMatchObject({ mad: 0, outliers: 1 });
  });
  it("has percentiles only from enough samples", () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    expect(summariseMetric(upTo(19))).toMatchObject({ p95: null });
    expect(summariseMetric(upTo(20))?.p95).toBeGreaterThanOrEqual(19);
    expect(summariseMetric(upTo(100))?.p99).toBeGreaterThanOrEqual(99);
  });
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (value) => {
    expect(() => summariseMetric([1, value])).toThrow(RangeError);
  });
});

describe("the interval of the median", () => {
  // Coverage 1 - 2 * sum of C(n, i) / 2^n below the rank.
  it.each([
    [2, 1, 2, 0.5],
    [3, 1, 3, 0.75],
    [5, 1, 5, 0.9375],
    [6, 1, 6, 1 - 2 / 64],
    [8, 1, 8, 1 - 2 / 256],
    [9, 2, 8, 1 - (2 * (1 + 9)) / 512],
    [10, 2, 9, 1 - (2 * (1 + 10)) / 1024],
    [30, 10, 21, 0.95722],
  ])("of %i samples lies between ranks %i and %i", (count, low, high, coverage) => {
    const interval = medianInterval(Array.from({ length: count }, (_, index) => index + 1));
    expect(interval).toMatchObject({ low, high });
    expect(interval?.coverage).toBeCloseTo(coverage, 4);
  });
});

it("leaves out what was not measured", () => {
  expect(medianOrNull([undefined, 3, 1])).toBe(2);
  expect(medianOrNull([undefined])).toBeNull();
});
