export { formatPath, type ParsedReport, parseReport, parseReportText, type ReportFault } from "./parse-report.ts";
export { describeHeadline } from "./render/headline.ts";
export { printable, printableLine } from "./render/printable.ts";
export { type RenderOptions, renderTerminal } from "./render/terminal.ts";
export { formatMilliseconds } from "./render/units.ts";
export { type Report, reportJsonSchema, reportSchema, schemaVersion } from "./schema/report.ts";
export { type Sample, type Section, type SectionName, sectionNames } from "./schema/section.ts";
export type { Statistics } from "./schema/statistics.ts";
export { type Claim, claims, type Evidence, type Outcome, outcomes, type Verdict } from "./schema/verdict.ts";
