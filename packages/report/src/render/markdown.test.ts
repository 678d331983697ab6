import { describe, expect, it } from "vitest";
import { exampleReport } from "../example-report.test-helper.ts";
import type { Report } from "../schema/report.ts";
import { renderMarkdown } from "./markdown.ts";

describe("the Markdown rendering", () => {
  it("shows what a person looks for", () => {
    expect(renderMarkdown(exampleReport())).toMatchInlineSnapshot(`
      "**A warm prefix answers 20.8 times sooner (20.1 to 21.7, 87.9 % coverage): first token after 120 ms instead of 2.50 s.**

      engine 1 · CPU · model.gguf (llama Q4\\_1) · 2 threads

      | section | tokens | first token | interval |  |
      | --- | --- | ---: | --- | --- |
      | cold full prefill | 697 evaluated | 2.50 s |  | prefix 2.40 s, 290 tokens/s |
      | warm same prefix | 697 reused, 0 evaluated | 119 ms |  | prefix 900 µs, hit rate 100 % |
      | warm changed suffix | 697 reused, suffix 31 | 120 ms |  | suffix 118 ms, answer as cold |
      | edited stable segment | – reused, – evaluated | – |  | nothing behind the edit reused, answer as cold |
      | edit | 256 reused of 348 common | 1.65 s |  | one word replaced, middle (repo\\_map), answer as cold |
      | decode | 32 generated |  |  | 96.4 tokens/s |
      | suffix ttft curve | suffix 0 | 1.40 ms |  |  |
      | suffix ttft curve | suffix 32 | 120 ms |  |  |
      | over context |  |  |  | 1 of 1 checks hold |
      | cancel prefill |  |  |  | 1 of 2 checks hold, stopped within 40.0 ms |
      | cancel decode |  |  |  | 1 of 1 checks hold, stopped within 500 µs |
      | snapshot save | – resident |  |  | –, – |
      | snapshot restore | – resident |  |  | –, –, answer not compared |

      | claim | outcome | why |
      | --- | --- | --- |
      | \`cold_is_cold\` | ✔ pass | About cold\\_is\\_cold. |
      | \`prefix_reused\` | ✔ pass | About prefix\\_reused. |
      | \`edited_is_missed\` | ✔ pass | About edited\\_is\\_missed. |
      | \`output_unchanged\` | ✔ pass | About output\\_unchanged. |
      | \`input_matters\` | ✔ pass | About input\\_matters. |
      | \`timing_agrees\` | ✔ pass | About timing\\_agrees. |
      | \`tokens_counted\` | ✔ pass | About tokens\\_counted. |
      | \`boundary_clean\` | ✔ pass | About boundary\\_clean. |
      | \`over_context\` | ✔ pass | About over\\_context. |
      | \`cancel_prefill\` | ✔ pass | About cancel\\_prefill. |
      | \`cancel_decode\` | ✔ pass | About cancel\\_decode. |
      | \`snapshot_roundtrip\` | ✔ pass | About snapshot\\_roundtrip. |

      - a note

      <details>
      <summary>Environment</summary>

      |  |  |
      | --- | --- |
      | system | Linux 6 x64 |
      | cores | 2 |
      | memory | 1 B |
      | engine | engine 1, adapter engine 0.1.0 |
      | model digest | \`d\` |
      | benchreport | 0.1.0, Node 24.0.0 |
      | started | 2026-01-01T00:00:00.000Z, took 1.00 s |
      | command | \`benchreport run\` |

      </details>
      "
    `);
  });

  it("shows a failure first, and what was not measured with its reason", () => {
    const report = exampleReport();
    Object.assign(report.verdicts[1] ?? {}, { outcome: "fail", explanation: "It reused less." });
    Object.assign(report.sections.decode, { status: "unsupported", reason: "the engine cannot" });
    const text = renderMarkdown(report);
    expect(text.split("\n")[0]).toBe("**FAILED: prefix\\_reused. It reused less.**");
    expect(text).toContain("| `prefix_reused` | ✘ **FAIL** | It reused less. |");
    expect(text).toContain("| decode |  |  |  | unsupported: the engine cannot |");
  });

  it("lets nothing that a report holds break a table, become markup or call anybody", () => {
    const hostile = "\n| x | <script>alert(1)</script> @all `b` [c](https://127.0.0.1)\u001b[2J\u202e";
    const poisoned = JSON.parse(JSON.stringify(exampleReport()), (key, value: unknown) =>
      typeof value === "string" && !["status", "outcome"].includes(key) ? value + hostile : value,
    ) as Report;
    const [text, clean] = [renderMarkdown(poisoned), renderMarkdown(exampleReport())];
    expect(text.split("\n")).toHaveLength(clean.split("\n").length);
    const withoutCode = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
    expect(withoutCode).not.toMatch(/<script|@all|:\/\/|(?<!\\)`/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(bordersOf(text)).toEqual(bordersOf(clean));
  });
});

/** Borders of cells in each line; an escaped one is none, in code neither. */
function bordersOf(text: string): number[] {
  return text.split("\n").map((line) => line.match(/(?<!\\)(?:\\\\)*\|/g)?.length ?? 0);
}
