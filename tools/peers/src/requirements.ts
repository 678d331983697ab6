import { type CaseName, caseNames } from "./exactness/run-cases.ts";
import type { ExactnessRow } from "./exactness/summarise-row.ts";
import type { PeersResult } from "./peers-result.ts";
import type { Requirement } from "./requirement.ts";
import { describeSettings } from "./session/open-engine.ts";
import { nameTest } from "./speed/speed-tests.ts";

/** What this project promises of itself. */
export const limits = {
  prefillRatio: 0.98,
  decodeRatio: 0.97,
  abortP95Ms: 15,
  restoreRatio: 200,
  overhead: 0.01,
} as const;

/**
 * Judges all parts that were run. What an engine cannot do is a promise missed. Times are not judged in a smoke run,
 * exactness is.
 */
export function judgeRequirements(result: PeersResult): Requirement[] {
  const timed = [...judgeSpeed(result), ...judgeAborts(result), ...judgeSnapshot(result), ...judgeOverhead(result)];
  const judged = result.smoke ? timed.map((one): Requirement => ({ ...one, outcome: "not_judged" })) : timed;
  return [...judged, ...(result.exactness ?? []).filter(({ declaredExact }) => declaredExact).map(judgeRow)];
}

function judgeSpeed({ speed = [] }: PeersResult): Requirement[] {
  return speed.flatMap(({ settings, comparisons }) =>
    comparisons.map(({ test, ratio }) => {
      const limit = test.phase === "prefill" ? limits.prefillRatio : limits.decodeRatio;
      return {
        what: `${nameTest(test)} against llama-bench, ${describeSettings(settings)}`,
        limit: `≥ ${limit}`,
        measured: ratio.toFixed(3),
        outcome: ratio >= limit ? "met" : "missed",
      };
    }),
  );
}

function judgeAborts({ abort = [] }: PeersResult): Requirement[] {
  return abort.map(({ settings, phase, p95, largest }) => {
    // Too few samples for a percentile: the largest stands for it.
    const latency = p95 ?? largest;
    return {
      what: `abort in ${phase}, p95, ubatch ${settings.ubatchTokens}`,
      limit: `≤ ${limits.abortP95Ms} ms`,
      measured: `${latency.toFixed(2)} ms`,
      outcome: latency <= limits.abortP95Ms ? "met" : "missed",
    };
  });
}

function judgeSnapshot({ snapshot }: PeersResult): Requirement[] {
  if (snapshot === undefined) return [];
  const limit = `≥ ${limits.restoreRatio} ×`;
  if (snapshot === null) return [unsupported("restore against prefilling", limit)];
  const { tokens, restoreRatio } = snapshot;
  return [
    {
      what: `restore of ${tokens} tokens against prefilling them`,
      limit,
      measured: `${restoreRatio.toFixed(0)} ×`,
      outcome: restoreRatio >= limits.restoreRatio ? "met" : "missed",
    },
  ];
}

function judgeOverhead({ overhead }: PeersResult): Requirement[] {
  if (overhead === undefined) return [];
  const limit = `< ${100 * limits.overhead} %`;
  if (overhead === null) return [unsupported("overhead of a turn", limit)];
  return overhead.map(({ kind, overhead: share }) => ({
    what: `overhead of a ${kind} turn`,
    limit,
    measured: `${(100 * share).toFixed(2)} %`,
    outcome: share < limits.overhead ? "met" : "missed",
  }));
}

/** Identical alone would not do: a turn that reused nothing is always identical. */
function judgeRow(row: ExactnessRow): Requirement {
  const faults = caseNames.flatMap((name) => findFaults(row, name));
  const compared = Math.max(0, ...caseNames.map((name) => row.cases[name]?.compared ?? 0));
  return {
    what: `warm equals cold, ${describeSettings(row.settings)}`,
    limit: `${compared} of ${compared}, difference 0`,
    measured: faults.length === 0 ? "as promised" : faults.join("; "),
    outcome: faults.length === 0 ? "met" : "missed",
  };
}

function findFaults({ cases }: ExactnessRow, name: CaseName): string[] {
  const found = cases[name];
  if (found === null) return [`${name}: unsupported`];
  const faults: string[] = [];
  if (found.identical < found.compared) faults.push(`${name}: ${found.identical} of ${found.compared}`);
  const difference = Math.max(found.difference, found.logitDifference ?? 0);
  if (difference > 0) faults.push(`${name}: differs by ${difference.toPrecision(2)}`);
  const isWhole = found.wholePrefixes === found.compared;
  if ((name === "reuse" || name === "restore") && !isWhole) faults.push(`${name}: not everything was reused`);
  if (name === "edit" && (found.reusedTokens[0] <= 0 || found.wholePrefixes > 0)) {
    faults.push(`${name}: reused ${found.reusedTokens.join(" to ")} tokens`);
  }
  return faults;
}

function unsupported(what: string, limit: string): Requirement {
  return { what, limit, measured: "unsupported", outcome: "missed" };
}
