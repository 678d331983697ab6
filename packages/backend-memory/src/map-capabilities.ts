import type { Capabilities } from "@benchreport/contract";
import type { MemorySettings } from "./memory-settings.ts";

/** What the engine can do with these settings. */
export function mapCapabilities(settings: MemorySettings): Capabilities {
  return {
    reuse: {
      trim: settings.reuse === "none" ? "none" : "any",
      granularityTokens: settings.granularityTokens,
      from: settings.reuse === "resident" ? "resident" : "prefix",
      wholePrefix: settings.wholePrefix,
      counting: "physical",
      exact: settings.exact,
    },
    phases: settings.phases,
    tokenIds: true,
    logProbabilities: true,
    snapshot: true,
    decodeWithoutSuffix: true,
    ignoreEndOfGeneration: true,
    cancel: "chunk",
    maxContextTokens: settings.maxContextTokens,
    maxSessions: settings.maxSessions,
  };
}
