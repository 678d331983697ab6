import type { z } from "zod";
import { type Report, reportSchema, schemaVersion } from "./schema/report.ts";
import { parseStrictJson } from "./strict-json.ts";

/** What is wrong at one place of a report. */
export interface ReportFault {
  /** For example `verdicts[2].outcome`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export type ParsedReport =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly faults: readonly ReportFault[] };

/** Checks a value against the report's definition. Unknown fields are kept; every fault comes with its path. */
export function parseReport(value: unknown): ParsedReport {
  const version = findVersion(value);
  if (version !== undefined && version !== schemaVersion) {
    return { ok: false, faults: [{ path: "schema_version", message: explainVersion(version) }] };
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return { ok: true, report: parsed.data };
  return { ok: false, faults: parsed.error.issues.map((issue) => toFault(issue, value)) };
}

/** Checks the text of a report file; what no reader could hold, or readers could understand in two ways, is refused. */
export function parseReportText(text: string): ParsedReport {
  const json = parseStrictJson(text);
  return json.ok ? parseReport(json.value) : { ok: false, faults: [{ path: "", message: json.message }] };
}

/** A place inside a JSON value, as a person writes it. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function toFault(issue: z.core.$ZodIssue, report: unknown): ReportFault {
  const found = issue.path.reduce<unknown>((value, key) => Object(value)[key], report);
  const isMissing = found === undefined && issue.path.length > 0;
  return { path: formatPath(issue.path), message: isMissing ? `missing: ${issue.message}` : issue.message };
}

function explainVersion(version: unknown): string {
  const reads = `this one reads format ${schemaVersion}`;
  if (typeof version === "string" && /^\d{1,9}$/.test(version) && Number(version) > Number(schemaVersion)) {
    return `it was written by a newer benchreport, in format ${version}; ${reads}: update benchreport to read it`;
  }
  return `no benchreport writes such a format; ${reads}`;
}

function findVersion(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { schema_version?: unknown }).schema_version;
}
