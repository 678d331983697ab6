import { describe, expect, it } from "vitest";
import { exampleReport } from "../example-report.test-helper.ts";
import type { Report } from "../schema/report.ts";
import type { Outcome } from "../schema/verdict.ts";
import { describeHeadline } from "./headline.ts";
import { renderTerminal } from "./terminal.ts";
import { formatIntervalMilliseconds, formatMilliseconds, significant } from "./units.ts";

function withOutcome(claim: string, outcome: Outcome): Report {
  const report = exampleReport();
  const verdicts = report.verdicts.map((verdict) => (verdict.claim === claim ? { ...verdict, outcome } : verdict));
  return { ...report, verdicts };
}

describe("the headline", () => {
  it("is the gain with its interval and coverage where everything is proved", () => {
    expect(describeHeadline(exampleReport())).toBe(
      "A warm prefix answers 20.8 times sooner (20.1 to 21.7, 87.9 % coverage): first token after 120 ms instead of 2.50 s.",
    );
  });
  it("is the failed claim before anything else", () => {
    expect(describeHeadline(withOutcome("cancel_decode", "fail"))).toBe("FAILED: cancel_decode. About cancel_decode.");
  });
  it("is a failed section", () => {
    const report = exampleReport();
    Object.assign(report.sections.decode, { status: "failed", reason: "The engine stumbled." });
    expect(describeHeadline(report)).toBe("FAILED: section decode. The engine stumbled.");
  });
  it("says what is not proved, and shows no gain then", () => {
    expect(describeHeadline(withOutcome("output_unchanged", "inconclusive"))).toBe(
      "Not proved: output_unchanged. About output_unchanged.",
    );
  });
  it("says why no gain is shown, and that a run was not finished", () => {
    const report = exampleReport();
    const headline = { ...report.headline, shown: false, reason: "the engine is a simulation." };
    expect(describeHeadline({ ...report, headline })).toBe("No gain shown: the engine is a simulation.");
    expect(describeHeadline({ ...report, headline, complete: false })).toBe(
      "Not finished: the engine is a simulation.",
    );
  });
});

describe("the terminal rendering", () => {
  it("shows what a person looks for, line by line", () => {
    expect(renderTerminal(exampleReport())).toMatchInlineSnapshot(`
      "A warm prefix answers 20.8 times sooner (20.1 to 21.7, 87.9 % coverage): first token after 120 ms instead of 2.50 s.
      engine 1 · CPU · model.gguf (llama Q4_1) · 2 threads

      section                tokens                    first token  interval
      cold full prefill      697 evaluated                  2.50 s            prefix 2.40 s, 290 tokens/s
      warm same prefix       697 reused, 0 evaluated        119 ms            prefix 900 µs, hit rate 100 %
      warm changed suffix    697 reused, suffix 31          120 ms            suffix 118 ms, answer as cold
      edited stable segment  – reused, – evaluated               –            nothing behind the edit reused, answer as cold
        edit                 256 reused of 348 common       1.65 s            one word replaced, middle (repo_map), answer as cold
      decode                 32 generated                                     96.4 tokens/s
      suffix ttft curve      suffix 0                      1.40 ms
      suffix ttft curve      suffix 32                      120 ms
      over context                                                            1 of 1 checks hold
      cancel prefill                                                          1 of 2 checks hold, stopped within 40.0 ms
      cancel decode                                                           1 of 1 checks hold, stopped within 500 µs
      snapshot save          – resident                                       –, –
      snapshot restore       – resident                                       –, –, answer not compared

      ✔ cold_is_cold        About cold_is_cold.
      ✔ prefix_reused       About prefix_reused.
      ✔ edited_is_missed    About edited_is_missed.
      ✔ output_unchanged    About output_unchanged.
      ✔ input_matters       About input_matters.
      ✔ timing_agrees       About timing_agrees.
      ✔ tokens_counted      About tokens_counted.
      ✔ boundary_clean      About boundary_clean.
      ✔ over_context        About over_context.
      ✔ cancel_prefill      About cancel_prefill.
      ✔ cancel_decode       About cancel_decode.
      ✔ snapshot_roundtrip  About snapshot_roundtrip.

      Notes
      - a note"
    `);
  });
  it("says of a section without numbers why it has none", () => {
    const report = exampleReport();
    Object.assign(report.sections.decode, { status: "unsupported", reason: "the engine cannot" });
    expect(renderTerminal(report)).toMatch(/decode +unsupported: the engine cannot/);
  });
  it("uses colours only when asked", () => {
    expect(renderTerminal(exampleReport())).not.toContain("\u001b");
    expect(renderTerminal(exampleReport(), { color: true })).toContain("\u001b[32m");
  });
  it("fits a terminal of eighty columns: what is no number goes below", () => {
    const report = exampleReport();
    report.notes.push("A note with a good many words, so that it does not fit on one line of so narrow a terminal.");
    const text = renderTerminal(report, { width: 80 });
    expect(text.slice(text.indexOf("section"), text.indexOf("decode"))).toMatchInlineSnapshot(`
      "section                tokens                    first token  interval
      cold full prefill      697 evaluated                  2.50 s
          prefix 2.40 s, 290 tokens/s
      warm same prefix       697 reused, 0 evaluated        119 ms
          prefix 900 µs, hit rate 100 %
      warm changed suffix    697 reused, suffix 31          120 ms
          suffix 118 ms, answer as cold
      edited stable segment  – reused, – evaluated               –
          nothing behind the edit reused, answer as cold
        edit                 256 reused of 348 common       1.65 s
          one word replaced, middle (repo_map), answer as cold
      "
    `);
    expect(text.slice(text.indexOf("Notes"))).toMatchInlineSnapshot(`
      "Notes
      - a note
      - A note with a good many words, so that it does not fit on one line of so
        narrow a terminal."
    `);
    const [, ...lines] = text.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
  it("never passes on a control character or a line break of a name or an answer, wherever it stands", () => {
    const hostile = "\u001b[2J\u009b1m\u202e\r\nerror";
    const poisoned = JSON.parse(JSON.stringify(exampleReport()), (key, value: unknown) =>
      typeof value === "string" && !["status", "outcome"].includes(key) ? value + hostile : value,
    ) as Report;
    const text = renderTerminal(poisoned);
    expect(text).toContain("a note\\u001b[2J\\u009b1m\\u202e\\u000d\\nerror");
    expect(text.split("\n")).toHaveLength(renderTerminal(exampleReport()).split("\n").length);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const sections = { ["bad\u001b[2J"]: { status: "failed", reason: hostile }, ...exampleReport().sections };
    expect(renderTerminal({ ...exampleReport(), sections })).toContain("FAILED: section bad\\u001b[2J.");
  });
});

describe("units", () => {
  it.each([
    [null, "–"],
    [0.0123, "12.3 µs"],
    [0.9, "900 µs"],
    [1, "1.00 ms"],
    [118.94, "119 ms"],
    [999.9, "1000 ms"],
    [2531.8, "2.53 s"],
    [0, "0 µs"],
  ])("%s ms is %s", (milliseconds, text) => expect(formatMilliseconds(milliseconds)).toBe(text));
  it("are one for a median and its interval", () => {
    expect(formatIntervalMilliseconds({ median: 990, interval: [980, 1200] })).toBe("[980, 1200] ms");
    expect(formatIntervalMilliseconds({ median: 990, interval: null })).toBe("");
    expect(formatIntervalMilliseconds(undefined)).toBe("");
  });
  it("have three significant digits", () => {
    expect([significant(0.0012345), significant(20.834), significant(12345)]).toEqual(["0.00123", "20.8", "12345"]);
  });
});
