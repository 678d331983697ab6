import { z } from "zod";
import { measured } from "./primitives.ts";

export const statisticsSchema = z.looseObject({
  count: z.number().int().positive(),
  mean: z.number(),
  median: z.number(),
  stddev: measured.describe("Sample standard deviation (n - 1); null below 2 samples."),
  mad: measured.describe("Median absolute deviation; null below 2 samples."),
  min: z.number(),
  max: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable().describe("Interval of the median from order statistics."),
  interval_coverage: measured.describe("How often such an interval holds the true median."),
  p95: measured.describe("Null below 20 samples."),
  p99: measured.describe("Null below 100 samples."),
  outliers: z.number().int().nonnegative().describe("Samples far from the median by MAD; counted, never dropped."),
});

/** Summary of one metric's samples. */
export type Statistics = z.infer<typeof statisticsSchema>;
