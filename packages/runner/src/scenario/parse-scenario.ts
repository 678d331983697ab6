import { BenchreportError } from "@benchreport/contract";
import { formatPath, parseStrictJson } from "@benchreport/report";
import { z } from "zod";
import type { Scenario } from "./scenario.ts";

const text = z.string().refine((value) => value.isWellFormed(), "it holds a lone surrogate");

const largestDecode = 100_000;
const decodeLength = `it must be a whole number from 1 to ${largestDecode}`;

const scenarioFile = z.strictObject({
  stable: text.min(1, "it must not be empty: there would be nothing to keep warm"),
  suffix: text,
  changed_suffix: text.default(""),
  edited_stable: text.default(""),
  suffix_curve: z.array(text).min(1, "it is empty: leave it out, and no curve is measured").default([]),
  max_decode: z
    .number(decodeLength)
    .int(decodeLength)
    .min(1, decodeLength)
    .max(largestDecode, decodeLength)
    .default(32),
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
  assertGrowing(suffix_curve);
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
  const parsed = parseStrictJson(json);
  if (!parsed.ok) throw invalid("", parsed.message);
  return parsed.value;
}

/** In bytes, since an engine that would count tokens is not there yet. */
function assertGrowing(curve: readonly string[]): void {
  const first = new Map<string, number>();
  curve.forEach((point, index) => {
    const path = `suffix_curve[${index}]`;
    const same = first.get(point);
    if (same !== undefined) throw invalid(path, `it is the same as suffix_curve[${same}]`);
    first.set(point, index);
    const [bytes, before] = [Buffer.byteLength(point), Buffer.byteLength(curve[index - 1] ?? "")];
    if (index > 0 && bytes <= before) {
      throw invalid(path, `it has ${bytes} bytes and the text before it ${before}: a curve goes from short to long`);
    }
  });
}

function invalid(path: string, why: string): BenchreportError {
  return new BenchreportError("SCENARIO_INVALID", {
    what: path === "" ? "The scenario cannot be used." : `The scenario cannot be used: ${path}.`,
    why,
    fix: "A scenario is {stable, suffix, changed_suffix, edited_stable, suffix_curve: [text, …], max_decode}.",
    meta: { path },
  });
}
