import type { Harness } from "../harness/harness.ts";

/** Name of the segment of `after` in which its first difference from `before` lies; `undefined` where it has none. */
export function locateDifference(harness: Harness, before: string, after: string): string | undefined {
  let index = 0;
  while (index < before.length && index < after.length && before[index] === after[index]) index++;
  if (index === before.length && index === after.length) return undefined;
  const byte = Buffer.byteLength(after.slice(0, index), "utf8");
  const segments = harness.turn(after, "").prefix.manifest.segments.filter((segment) => segment.stable);
  // A text that was cut or extended differs from its end on: that belongs to its last segment.
  const holding =
    segments.find((segment) => byte >= segment.bytes.start && byte < segment.bytes.end) ?? segments.at(-1);
  return holding?.name;
}
