import type { Capabilities } from "@benchreport/contract";

/** What an engine can do, as lines of name and value. */
export function describeCapabilities(capabilities: Capabilities): (readonly [name: string, value: string])[] {
  const { reuse, maxContextTokens, maxSessions } = capabilities;
  return [
    [
      "reuse of a prefix",
      reuse.trim === "any" ? `at each multiple of ${reuse.granularityTokens} tokens` : trimWords[reuse.trim],
    ],
    ["identical prefix", wholePrefixWords[reuse.wholePrefix]],
    ["compared with", reuse.from === "prefix" ? "the prefix before" : "everything resident"],
    ["reuse counted", countingWords[reuse.counting]],
    ["warm equals cold", reuse.exact ? "bit for bit" : "not promised in every bit"],
    ["prefill", capabilities.phases === "separate" ? "in a call of its own" : "paid when the answer starts"],
    ["token ids", yesNo(capabilities.tokenIds)],
    ["log-probabilities", yesNo(capabilities.logProbabilities)],
    ["snapshots", yesNo(capabilities.snapshot)],
    ["answer right behind a prefix", yesNo(capabilities.decodeWithoutSuffix)],
    ["answer beyond its end", yesNo(capabilities.ignoreEndOfGeneration)],
    ["an abort waits for", `at most one ${capabilities.cancel}`],
    ["largest session", maxContextTokens === undefined ? "unknown" : `${maxContextTokens} tokens`],
    ["sessions at once", maxSessions === undefined ? "as many as memory holds" : String(maxSessions)],
  ];
}

const trimWords = { checkpoint: "at stored points only", none: "none: every turn computes all" } as const;

const wholePrefixWords: Record<Capabilities["reuse"]["wholePrefix"], string> = {
  all: "reused whole",
  all_but_last: "reused but for its last token",
  aligned: "reused up to such a multiple",
};

const countingWords: Record<Capabilities["reuse"]["counting"], string> = {
  physical: "where the engine is called",
  reported: "by the engine's own word",
  inferred: "from time only",
  none: "not at all",
};

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
