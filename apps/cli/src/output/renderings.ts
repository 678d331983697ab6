import { type Report, renderMarkdown } from "@benchreport/report";

export type RenderingName = "json" | "md";

/** What a report can be written as; the names are those of `--output KIND=PATH` and `render --to KIND`. */
export const renderings: Readonly<Record<RenderingName, (report: Report) => string>> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  md: renderMarkdown,
};
