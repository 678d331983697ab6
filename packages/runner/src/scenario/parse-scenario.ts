import { BenchreportError } from "@benchreport/contract";
import { formatPath } from "@benchreport/report";
import { z } from "zod";
import type { Scenario } from "./scenario.ts";

const text = z.string().refine((value) => value.isWellFormed(), "it holds a lone surrogate");

const scenarioFile = z.strictObject({
  stable: text.min(1, "it must not be empty: there would be nothing to keep warm"),
  suffix: text,
  changed_suffix: text.default(""),
  edited_stable: text.default(""),
  suffix_curve: z.array(text).default([]),
  max_decode: z.number().int().min(1).max(100_000).default(32),
});

/** Reads a scenario file's text. @throws `SCENARIO_INVALID` with the path of the first fault as `meta.path`. */
export function parseScenario(json: string): Scenario {
  const parsed = scenarioFile.safeParse(parseJson(json));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const keys = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    throw invalid(formatPath([...(issue?.path ?? []), ...keys]), issue?.message ?? "it does not fit");
  }
  const { stable, suffix, changed_suffix, edited_stable, suffix_curve, max_decode } = parsed.data;
  if (changed_suffix !== "" && changed_suffix === suffix) throw invalid("changed_suffix", "it is the same as suffix");
  if (edited_stable === stable) throw invalid("edited_stable", "it is the same as stable");
  return {
    stable,
    suffix,
    changedSuffix: changed_suffix,
    editedStable: edited_stable,
    suffixCurve: suffix_curve,
    maxDecode: max_decode,
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalid("", `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function invalid(path: string, why: string): BenchreportError {
  return new BenchreportError("SCENARIO_INVALID", {
    what: path === "" ? "The scenario cannot be used." : `The scenario cannot be used: ${path}.`,
    why,
    fix: "A scenario is {stable, suffix, changed_suffix, edited_stable, suffix_curve: [text, …], max_decode}.",
    meta: { path },
  });
}
