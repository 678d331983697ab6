import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "@benchreport/report";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handMadeScenario } from "../src/hand-made-scenario.ts";
import { runOnMemory } from "../src/run-on-memory.ts";

const go = spawnSync("go", ["version"], { encoding: "utf8" });
const reason = go.status === 0 ? "" : " (skipped: there is no Go on this machine)";
const compileTimeoutMs = 240_000;

describe.skipIf(reason !== "")(`a reader of the original format, in Go${reason}`, () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "benchreport go "));
    program = join(folder, process.platform === "win32" ? "reader.exe" : "reader");
    const { status, stderr } = spawnSync("go", ["build", "-o", program, "."], {
      cwd: join(import.meta.dirname, "../go"),
      encoding: "utf8",
      // Standard library alone: nothing is fetched, no other Go either.
      env: { ...process.env, GOFLAGS: "-mod=mod", GOPROXY: "off", GOTOOLCHAIN: "local", GOTELEMETRY: "off" },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }, compileTimeoutMs);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("understands every key of a run in which all was measured, and passes over the others", async () => {
    const report = await runOnMemory(handMadeScenario, {}, { repetitions: 2 });
    expect(read(report)).toEqual(originalKeys(report));
  });

  it("takes what was not measured for its zero", async () => {
    const scenario = { ...handMadeScenario, changedSuffix: "", editedStable: "", suffixCurve: [] };
    const report = await runOnMemory(scenario, { phases: "deferred" }, { repetitions: 2 });
    expect(report.warm_changed_suffix.cached_tokens).toBeNull();
    expect(read(report)).toMatchObject({
      cold_full_prefill: { tokens: 200, ms: 0, prompt_tps: 0 },
      warm_changed_suffix: { cached_tokens: 0, suffix_tokens: 0, ms: 0, ttft_ms: 0, output_equals_cold: false },
      edited_stable_segment: { expected_cache_miss: false, actual_cache_miss: false, output_equals_cold: false },
    });
  });

  it("would notice a key of another type", () => {
    const { status, stderr } = spawnSync(program, { input: '{"cold_full_prefill":{"tokens":1.5}}', encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining("tokens") });
  });

  function read(report: Report): unknown {
    const { status, stdout, stderr } = spawnSync(program, { input: JSON.stringify(report), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout);
  }
});

/** What is left of a report for a reader that knows the original keys alone; all of them must be there. */
function originalKeys(report: Report): unknown {
  return {
    model: report.model,
    backend: report.backend,
    mode: report.mode,
    profile: report.profile,
    backend_version: report.backend_version,
    cold_full_prefill: pick(report.cold_full_prefill, "tokens", "ms", "prompt_tps", "ttft_ms"),
    warm_same_prefix: pick(report.warm_same_prefix, "cached_tokens", "new_tokens", "ms", "ttft_ms", "hit_rate"),
    warm_changed_suffix: pick(
      report.warm_changed_suffix,
      "cached_tokens",
      "suffix_tokens",
      "ms",
      "ttft_ms",
      "output_equals_cold",
    ),
    edited_stable_segment: pick(
      report.edited_stable_segment,
      "expected_cache_miss",
      "actual_cache_miss",
      "output_equals_cold",
    ),
    decode: pick(report.decode, "output_tokens", "tokens_per_sec"),
    suffix_ttft_curve: report.suffix_ttft_curve.map((point) => pick(point, "suffix_tokens", "ttft_ms")),
    failure_cases: pick(report.failure_cases, "over_context", "cancel_decode"),
    notes: report.notes,
  };
}

function pick<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    keys.map((key) => {
      expect(from[key], String(key)).not.toBeNull();
      return [key, from[key]];
    }),
  ) as Pick<T, K>;
}
