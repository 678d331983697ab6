import { BenchreportError } from "@benchreport/contract";
import type { EngineSettings } from "../session/open-engine.ts";
import type { TestSamples } from "./speed-tests.ts";

/**
 * Reads what `llama-bench -o json` printed (v0.5.0), and refuses it where it ran with other settings than it was asked
 * for: a comparison of unequal settings would say nothing.
 */
export function parseLlamaBench(json: string, asked: EngineSettings): TestSamples[] {
  return readRows(json).map((row) => {
    const ran = {
      n_threads: asked.threads,
      n_ubatch: asked.ubatchTokens,
      flash_attn: asked.flashAttention === "on" ? 1 : 0,
      type_k: asked.kvCacheTypeK,
      type_v: asked.kvCacheTypeV,
    };
    for (const [field, value] of Object.entries(ran)) {
      if (row[field] !== value) throw unreadable(`${field} is ${String(row[field])} instead of ${value}`);
    }
    const prefillTokens = readCount(row, "n_prompt");
    const decodeTokens = readCount(row, "n_gen");
    const tokens = prefillTokens + decodeTokens;
    // A sample is the time from before the first to behind the last llama_decode of the test (llama-bench.cpp).
    const samples = row["samples_ns"];
    if (!Array.isArray(samples) || samples.length === 0) throw unreadable("a test has no samples");
    return {
      test: { phase: prefillTokens > 0 ? "prefill" : "decode", depth: readCount(row, "n_depth"), tokens },
      tokensPerSecond: samples.map((nanoseconds: unknown) => {
        if (typeof nanoseconds !== "number" || !(nanoseconds > 0)) throw unreadable("a sample is no time");
        return (tokens * NANOSECONDS_PER_SECOND) / nanoseconds;
      }),
    };
  });
}

const NANOSECONDS_PER_SECOND = 1e9;

type Row = Readonly<Record<string, unknown>>;

function readRows(json: string): readonly Row[] {
  let rows: unknown;
  try {
    rows = JSON.parse(json);
  } catch (cause) {
    throw unreadable("it is no JSON", cause);
  }
  if (!Array.isArray(rows) || rows.some((row) => typeof row !== "object" || row === null)) {
    throw unreadable("it is no list of tests");
  }
  return rows as readonly Row[];
}

function readCount(row: Row, field: string): number {
  const value = row[field];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw unreadable(`${field} is no count`);
  return value;
}

function unreadable(why: string, cause?: unknown): BenchreportError {
  return new BenchreportError("ENGINE_FAILED", {
    what: "llama-bench printed something else than expected.",
    why: `In its JSON ${why}.`,
    fix: "Compare parse-llama-bench.ts with llama-bench.cpp of the installed release.",
    cause,
  });
}
