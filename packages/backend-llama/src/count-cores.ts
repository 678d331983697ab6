import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/**
 * Physical cores that this process may use: more threads than those slow llama.cpp down by a multiple (measured: 4
 * threads on 2 cores take four times as long).
 * Counts cores, not their hardware threads, within the control group's quota; where the system does not tell, what Node
 * says.
 */
export function countUsableCores(read: (path: string) => string | undefined = readText): number {
  const allowed = availableParallelism();
  const physical = countPhysicalCores(allowed, read) ?? allowed;
  const quota = readQuota(read) ?? Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(Math.min(physical, allowed, quota)));
}

/** Distinct sets of sibling threads among the first processors; Linux only. */
function countPhysicalCores(processors: number, read: (path: string) => string | undefined): number | undefined {
  const siblings = Array.from({ length: processors }, (_, index) =>
    read(`/sys/devices/system/cpu/cpu${index}/topology/thread_siblings_list`),
  );
  return siblings.every((list) => list !== undefined) ? new Set(siblings).size : undefined;
}

/** Cores that the control group's quota comes to, version 2 of cgroups. */
function readQuota(read: (path: string) => string | undefined): number | undefined {
  const [quota, period] = (read("/sys/fs/cgroup/cpu.max") ?? "").split(" ").map(Number);
  const cores = (quota ?? Number.NaN) / (period ?? Number.NaN);
  return Number.isFinite(cores) ? cores : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
