import type { MemorySettings } from "./memory-settings.ts";

/** Decides how many leading tokens of `requested` keep their cells. */
export function planReuse(
  resident: readonly number[],
  requested: readonly number[],
  settings: Pick<MemorySettings, "reuse" | "granularityTokens" | "wholePrefix">,
): number {
  if (settings.reuse === "none") return 0;
  let kept = 0;
  while (kept < requested.length && kept < resident.length && requested[kept] === resident[kept]) kept++;
  if (kept === requested.length && kept === resident.length) {
    if (settings.wholePrefix === "all") return kept;
    if (settings.wholePrefix === "all_but_last") return Math.max(0, kept - 1);
  }
  // The last requested token is evaluated in any case: an answer starts from its logits.
  if (kept === requested.length) kept = Math.max(0, kept - 1);
  return kept - (kept % settings.granularityTokens);
}
