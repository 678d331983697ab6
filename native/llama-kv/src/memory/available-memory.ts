import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import path from "node:path";

/** The text of a file, or nothing where it can not be read. */
export type ReadText = (file: string) => string | undefined;

/**
 * Memory that this process can still have, in bytes: on Linux what the kernel could free for it (`MemAvailable`), within
 * the limit of each control group around it; elsewhere all that the machine has, so that only the impossible is refused.
 * Swap is not counted: a KV cache in it is of no use.
 */
export function readAvailableMemory(read: ReadText = readText, platform: NodeJS.Platform = process.platform): number {
  const available = platform === "linux" ? readMemAvailable(read("/proc/meminfo")) : undefined;
  if (available === undefined) return totalmem();
  return Math.min(available, ...readGroupLimits(read));
}

function readMemAvailable(meminfo: string | undefined): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo ?? "")?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** What each memory-limited control group around this process has left. */
function readGroupLimits(read: ReadText): number[] {
  return (read("/proc/self/cgroup") ?? "").split("\n").flatMap((line) => {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const version = VERSIONS.find(({ controller }) => controllers?.split(",").includes(controller));
    if (version === undefined || group === undefined) return [];
    return listAncestors(group)
      .map((ancestor) => readRemaining(version, path.posix.join(version.mount, ancestor), read))
      .filter((remaining) => remaining !== undefined);
  });
}

interface GroupVersion {
  readonly controller: string;
  readonly mount: string;
  readonly limit: string;
  readonly usage: string;
  /** Counters of file pages, which the kernel drops before it refuses memory. */
  readonly reclaimable: readonly string[];
}

const VERSIONS: readonly GroupVersion[] = [
  {
    controller: "",
    mount: "/sys/fs/cgroup",
    limit: "memory.max",
    usage: "memory.current",
    reclaimable: ["inactive_file", "active_file"],
  },
  {
    controller: "memory",
    mount: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    reclaimable: ["total_inactive_file", "total_active_file"],
  },
];

/** A group's path and all above it, the root last: in a container, the path may exist outside of it only. */
function listAncestors(group: string): string[] {
  const parent = path.posix.dirname(group);
  return parent === group ? [group] : [group, ...listAncestors(parent)];
}

function readRemaining(version: GroupVersion, folder: string, read: ReadText): number | undefined {
  const number = (name: string): number => Number.parseInt(read(path.posix.join(folder, name)) ?? "", 10);
  const limit = number(version.limit);
  const usage = number(version.usage);
  // No limit is written as "max", or as a number above any memory.
  if (!Number.isFinite(limit) || !Number.isFinite(usage)) return undefined;
  const counters = read(path.posix.join(folder, "memory.stat")) ?? "";
  const reclaimable = version.reclaimable.map((name) =>
    Number(new RegExp(`^${name} (\\d+)$`, "m").exec(counters)?.[1] ?? 0),
  );
  return Math.max(0, limit - usage + reclaimable.reduce((sum, bytes) => sum + bytes, 0));
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
