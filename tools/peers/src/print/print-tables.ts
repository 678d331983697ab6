import { type CaseName, caseNames } from "../exactness/run-cases.ts";
import type { CaseSummary, ExactnessRow } from "../exactness/summarise-row.ts";
import type { PeersResult } from "../peers-result.ts";
import type { Requirement } from "../requirement.ts";
import { describeSettings } from "../session/open-engine.ts";
import { nameTest } from "../speed/speed-tests.ts";
import { markdownTable } from "./markdown-table.ts";

/** All tables of a run, in the order in which a reader wants them. */
export function printTables(result: PeersResult): string {
  const { machine, model, release } = result;
  const title = `# Measured beside llama.cpp ${release}\n\n${model.name}, ${machine.threads} threads, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}`;
  const smoke = result.smoke ? ["Smoke run: sizes are tiny, times mean nothing."] : [];
  const tables = [speedTable, exactnessTable, abortTable, snapshotTable, overheadTable, serverTable]
    .map((table) => table(result))
    .filter((table) => table !== undefined);
  return [title, ...smoke, ...tables, requirementsTable(result.requirements ?? [])].join("\n\n");
}

function speedTable({ speed }: PeersResult): string | undefined {
  if (speed === undefined) return undefined;
  const rows = speed.flatMap(({ settings, rounds, comparisons }) =>
    comparisons.map(({ test, ours, theirs, ratio, interval, intervalCoverage }) => [
      describeSettings(settings),
      nameTest(test),
      ours.toFixed(1),
      theirs.toFixed(1),
      ratio.toFixed(3),
      interval === null
        ? "–"
        : `${interval.map((end) => end.toFixed(3)).join("–")} (${percent(intervalCoverage ?? 0, 1)})`,
      String(rounds.length),
    ]),
  );
  const head = ["settings", "test", "ours, tokens/s", "llama-bench, tokens/s", "ratio", "interval", "rounds"];
  return `## Speed against llama-bench\n\n${markdownTable(head, rows, [2, 3, 4, 5, 6])}`;
}

const caseTitles: Readonly<Record<CaseName, string>> = {
  reuse: "full reuse",
  edit: "after an edit",
  abort: "after an abort",
  restore: "after a restore",
};

function exactnessTable({ exactness }: PeersResult): string | undefined {
  if (exactness === undefined) return undefined;
  const rows = exactness.map((row) => [
    describeSettings(row.settings),
    row.unsupported === null ? (row.declaredExact ? "yes" : "no") : "unsupported",
    ...caseNames.map((name) => describeCase(row.cases[name])),
    describeLogitPrompts(row),
  ]);
  const head = ["settings", "declared exact", ...caseNames.map((name) => caseTitles[name]), "raw logits of"];
  return `## Warm equals cold: answers identical, largest difference\n\n${markdownTable(head, rows)}`;
}

/** Raw logits where they were compared, else log-probabilities and margins, whichever differed more. */
function describeCase(found: CaseSummary | null): string {
  if (found === null) return "–";
  const difference = Math.max(found.difference, found.logitDifference ?? 0);
  return `${found.identical} of ${found.compared}, ${difference === 0 ? "0" : difference.toPrecision(2)}`;
}

function describeLogitPrompts({ cases }: ExactnessRow): string {
  const { reuse } = cases;
  return reuse === null ? "–" : `${reuse.logitPrompts} of ${reuse.compared} prompts`;
}

function abortTable({ abort }: PeersResult): string | undefined {
  if (abort === undefined) return undefined;
  const rows = abort.map(({ settings, phase, samples, p50, p95, largest }) => [
    describeSettings(settings),
    phase,
    milliseconds(p50),
    p95 === null ? "–" : milliseconds(p95),
    milliseconds(largest),
    String(samples.length),
  ]);
  const head = ["settings", "phase", "p50", "p95", "largest", "aborts"];
  return `## From abort() to rejection\n\n${markdownTable(head, rows, [2, 3, 4, 5])}`;
}

function snapshotTable({ snapshot }: PeersResult): string | undefined {
  if (snapshot === undefined) return undefined;
  const title = "## Snapshot";
  if (snapshot === null) return `${title}\n\nUnsupported.`;
  const { tokens, bytes, prefillMs, saveMs, restoreMs, digestMs, restoreRatio } = snapshot;
  const row = [
    String(tokens),
    `${(bytes / BYTES_PER_MEGABYTE).toFixed(1)} MB`,
    ...[prefillMs, saveMs, restoreMs, digestMs].map(({ median }) => milliseconds(median)),
    `${restoreRatio.toFixed(0)} ×`,
  ];
  const head = ["tokens", "bytes", "prefill", "save", "restore", "one SHA-256 of it", "restore is faster"];
  return `${title}\n\n${markdownTable(head, [row], [0, 1, 2, 3, 4, 5, 6])}`;
}

function overheadTable({ overhead }: PeersResult): string | undefined {
  if (overhead === undefined) return undefined;
  const title = "## Overhead: (turn − engine) / turn";
  if (overhead === null) return `${title}\n\nUnsupported: the engine does not say how long its calls took.`;
  const rows = overhead.map(({ settings, kind, turns, overhead: share, largest }) => [
    describeSettings(settings),
    kind,
    percent(share, 2),
    percent(largest, 2),
    String(turns.length),
  ]);
  return `${title}\n\n${markdownTable(["settings", "turns", "median", "largest", "count"], rows, [2, 3, 4])}`;
}

function serverTable({ server, exactness }: PeersResult): string | undefined {
  if (server === undefined) return undefined;
  const { rows, ours, settings } = server;
  // The same prompts under the same settings stand in the exactness table, where that was filled.
  const row = exactness?.find((one) => describeSettings(one.settings) === describeSettings(settings));
  const reuse = row?.cases.reuse;
  const changed = reuse ? `${reuse.compared - reuse.identical} of ${reuse.compared}` : "–";
  const lines = [
    ...rows.map(({ ubatchTokens, prompts, changed, leastCached, mostUncached, firstTokenMs }) => [
      `llama-server, ubatch ${ubatchTokens ?? "default"}`,
      `${changed} of ${prompts}`,
      String(leastCached),
      String(mostUncached),
      milliseconds(firstTokenMs.median),
    ]),
    ["ours, whole prompt as prefix", changed, "–", "–", milliseconds(ours.wholePromptMs.median)],
    ["ours, suffix evaluated again", changed, "–", "–", milliseconds(ours.suffixAgainMs.median)],
  ];
  const head = ["engine", "cached answers changed", "least cached", "most cached when told not to", "first token"];
  return `## llama-server on the same prompts\n\n${markdownTable(head, lines, [1, 2, 3, 4])}`;
}

function requirementsTable(requirements: readonly Requirement[]): string {
  const rows = requirements.map(({ what, measured, limit, outcome }) => [
    outcome.replace("_", " "),
    what,
    measured,
    limit,
  ]);
  return `## Required\n\n${markdownTable(["outcome", "what", "measured", "limit"], rows)}`;
}

const BYTES_PER_MEGABYTE = 1e6;

function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}
