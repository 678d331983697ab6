import { expect, test } from "vitest";
import type { EngineSettings } from "../session/open-engine.ts";
import { markdownTable } from "./markdown-table.ts";
import { printTables } from "./print-tables.ts";

const settings: EngineSettings = {
  threads: 2,
  ubatchTokens: 128,
  flashAttention: "on",
  kvCacheTypeK: "q8_0",
  kvCacheTypeV: "f16",
};

test("a table is Markdown and lines up", () => {
  expect(
    markdownTable(
      ["name", "n"],
      [
        ["a", "10"],
        ["longer", "7"],
      ],
      [1],
    ),
  ).toBe(["| name   |   n |", "| ------ | --: |", "| a      |  10 |", "| longer |   7 |"].join("\n"));
});

test("a run is printed with what was measured, and without what was not", () => {
  const summary = { compared: 24, difference: 0, logitPrompts: 8, wholePrefixes: 24, reusedTokens: [1, 2] } as const;
  const printed = printTables({
    schema: "benchreport-peers/1",
    startedAt: "2026-01-01T00:00:00.000Z",
    smoke: false,
    release: "v0.5.0",
    model: { name: "model.gguf", digest: null },
    machine: { processor: "Test", cores: 2, threads: 2, node: "v24", platform: "linux" },
    speed: [
      {
        settings,
        rounds: [],
        comparisons: [
          {
            test: { phase: "decode", depth: 1024, tokens: 64 },
            ours: 149.96,
            theirs: 150,
            ratios: [],
            ratio: 0.9997,
            interval: [0.98, 1.01],
            intervalCoverage: 0.984375,
          },
        ],
      },
    ],
    exactness: [
      {
        settings: { ...settings, reuse: "longest" },
        declaredExact: false,
        unsupported: null,
        cases: {
          reuse: { ...summary, identical: 24, logitDifference: 0 },
          edit: { ...summary, identical: 17, difference: 0.5, logitDifference: 1.8 },
          abort: { ...summary, identical: 24, logitDifference: null },
          restore: null,
        },
      },
    ],
    snapshot: null,
    requirements: [{ what: "restore", limit: "≥ 200 ×", measured: "unsupported", outcome: "missed" }],
  });
  const cells = printed.replaceAll(/ +/g, " ");
  expect(cells).toContain(
    "| ubatch 128, flash attention on, KV q8_0/f16 | decode 64 at depth 1024 | 150.0 | 150.0 | 1.000 | 0.980–1.010 (98.4 %) | 0 |",
  );
  expect(cells).toContain("reuse longest | no | 24 of 24, 0 | 17 of 24, 1.8 | 24 of 24, 0 | – | 8 of 24 prompts |");
  expect(cells).toContain("## Snapshot\n\nUnsupported.");
  expect(cells).toContain("| missed | restore | unsupported | ≥ 200 × |");
  expect(cells).not.toContain("llama-server");
  expect(cells).not.toContain("Smoke");
});
