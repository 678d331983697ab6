import { type Count, total } from "./count-run.ts";

/** The closing table, and as its last line the plain sum that a machine reads. */
export function formatCounts(counts: readonly Count[]): string {
  const width = Math.max(...counts.map(({ name }) => name.length), 0);
  const lines = counts.map(
    ({ name, passed, failed, skipped, note }) =>
      `${name.padEnd(width)} ${column(passed)} passed ${column(failed)} failed ${column(skipped)} skipped  ${note}`,
  );
  return [...lines.map((line) => line.trimEnd()), "", closingLine(counts)].join("\n");
}

export function closingLine(counts: readonly Count[]): string {
  const { passed, failed } = total(counts);
  return `${passed} passed, ${failed} failed`;
}

function column(value: number): string {
  return String(value).padStart(5);
}
