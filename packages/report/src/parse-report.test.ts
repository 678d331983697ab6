import { describe, expect, it } from "vitest";
import { exampleReport } from "./example-report.test-helper.ts";
import { formatPath, parseReport, parseReportText } from "./parse-report.ts";

describe("a report", () => {
  it("is read, and fields that nobody knows are kept", () => {
    const report = { ...exampleReport(), new_field: { deep: [1] }, decode: { ...exampleReport().decode, new_rate: 7 } };
    const parsed = parseReport(report);
    expect(parsed).toEqual({ ok: true, report });
  });
  it("keeps what a later version puts into sections and samples", () => {
    const report = exampleReport();
    const sections = { ...report.sections, later_section: { status: "anything" } };
    expect(parseReport({ ...report, sections })).toMatchObject({ ok: true, report: { sections } });
  });
  it.each<[string, unknown, string]>([
    ["a missing field", without("backend"), "backend"],
    ["a text for a number", { ...exampleReport(), duration_ms: "long" }, "duration_ms"],
    [
      "a fraction for a count",
      changed((report) => (report.cold_full_prefill.tokens = 1.5)),
      "cold_full_prefill.tokens",
    ],
    [
      "an unknown outcome",
      changed((report) => Object.assign(report.verdicts[0] ?? {}, { outcome: "maybe" })),
      "verdicts[0].outcome",
    ],
    [
      "a bad sample",
      changed((report) => report.sections.decode.samples.push({ repetition: 0 })),
      "sections.decode.samples[0].repetition",
    ],
    ["no object at all", 3, ""],
  ])("with %s is refused at its place", (_, value, path) => {
    const parsed = parseReport(value);
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.path)).toContain(path);
  });
  it("says of a missing field that it is missing, and only of that", () => {
    const faults = (value: unknown) => {
      const parsed = parseReport(value);
      return parsed.ok ? [] : parsed.faults.map((fault) => fault.message);
    };
    expect(faults(without("backend"))).toEqual([expect.stringMatching(/^missing/)]);
    expect(faults({ ...exampleReport(), backend: 3 })).toEqual([expect.not.stringMatching(/missing/)]);
  });
  it.each<[unknown, string]>([
    ["2", "it was written by a newer benchreport, in format 2; this one reads format 1: update benchreport to read it"],
    ["0", "no benchreport writes such a format; this one reads format 1"],
    [2, "no benchreport writes such a format; this one reads format 1"],
    ["\u001b[2J", "no benchreport writes such a format; this one reads format 1"],
    [nested(100_000), "no benchreport writes such a format; this one reads format 1"],
  ])("of another format is refused by its version alone", (version, message) => {
    const value = { schema_version: version, backend: 3 };
    expect(parseReport(value)).toEqual({ ok: false, faults: [{ path: "schema_version", message }] });
  });
  it("that is not JSON is refused", () => {
    expect(parseReportText("{")).toMatchObject({
      ok: false,
      faults: [{ path: "", message: expect.stringContaining("not JSON") }],
    });
    expect(parseReportText('{"schema_version":"1","schema_version":"2"}')).toMatchObject({
      faults: [{ path: "", message: expect.stringContaining("stands twice") }],
    });
    expect(parseReportText(JSON.stringify(exampleReport()))).toMatchObject({ ok: true });
  });
});

it("writes a path as a person does", () => {
  expect(formatPath(["verdicts", 2, "outcome"])).toBe("verdicts[2].outcome");
  expect(formatPath([])).toBe("");
});

function nested(depth: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function without(key: string): unknown {
  return Object.fromEntries(Object.entries(exampleReport()).filter(([name]) => name !== key));
}

function changed(change: (report: ReturnType<typeof exampleReport>) => void): unknown {
  const report = exampleReport();
  change(report);
  return report;
}
