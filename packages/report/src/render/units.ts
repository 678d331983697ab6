/** A duration with a unit that suits its size. */
export function formatMilliseconds(milliseconds: number | null): string {
  if (milliseconds === null) return "–";
  const { factor, unit } = unitOf(milliseconds);
  return `${significant(milliseconds * factor)} ${unit}`;
}

/** The interval of a median in the unit that suits the median, as `[118, 121] ms`. */
export function formatIntervalMilliseconds(
  statistics: { readonly median: number; readonly interval: readonly [number, number] | null } | undefined,
): string {
  if (statistics === undefined || statistics.interval === null) return "";
  const [low, high] = statistics.interval;
  const { factor, unit } = unitOf(statistics.median);
  return `[${significant(low * factor)}, ${significant(high * factor)}] ${unit}`;
}

function unitOf(milliseconds: number): { readonly factor: number; readonly unit: string } {
  if (milliseconds >= 1000) return { factor: 1e-3, unit: "s" };
  return milliseconds >= 1 ? { factor: 1, unit: "ms" } : { factor: 1e3, unit: "µs" };
}

export function formatRate(perSecond: number | null): string {
  return perSecond === null ? "–" : `${significant(perSecond)} tokens/s`;
}

/** Bytes in millions, as disks and networks count. */
export function formatMegabytes(bytes: number | null): string {
  return bytes === null ? "–" : `${significant(bytes / 1e6)} MB`;
}

export function formatMegabytesPerSecond(rate: number | null): string {
  return rate === null ? "–" : `${significant(rate)} MB/s`;
}

export function formatCount(count: number | null): string {
  return count === null ? "–" : String(count);
}

export function formatPercent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
}

/** Three significant digits, without an exponent. */
export function significant(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}
