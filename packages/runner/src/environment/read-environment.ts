import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import type { Report } from "@benchreport/report";

/** What the run's numbers depend on besides the engine; what this system does not tell is null. */
export function readEnvironment(): Report["environment"] {
  const [processor] = cpus();
  const [load] = loadavg();
  return {
    os: type(),
    os_release: release(),
    architecture: arch(),
    cpu_model: processor?.model.trim() ?? null,
    cores: Math.max(1, cpus().length),
    usable_cores: Math.min(readCpuQuota() ?? Number.POSITIVE_INFINITY, availableParallelism()),
    memory_bytes: totalmem(),
    memory_limit_bytes: readMemoryLimit(),
    cpu_governor: readText("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
    // Windows keeps no load average and answers 0.
    load_average: process.platform === "win32" ? null : (load ?? null),
    node: process.versions.node,
  };
}

/** Cores that the control group allows: quota over period of cgroup v2, else of v1. */
function readCpuQuota(): number | null {
  const [quota, period] = readText("/sys/fs/cgroup/cpu.max")?.split(" ").map(Number) ?? [
    Number(readText("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") ?? Number.NaN),
    Number(readText("/sys/fs/cgroup/cpu/cpu.cfs_period_us") ?? Number.NaN),
  ];
  const cores = (quota ?? Number.NaN) / (period ?? Number.NaN);
  return Number.isFinite(cores) && cores > 0 ? cores : null;
}

function readMemoryLimit(): number | null {
  const text = readText("/sys/fs/cgroup/memory.max") ?? readText("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  const bytes = Number(text ?? Number.NaN);
  return Number.isFinite(bytes) && bytes > 0 && bytes < totalmem() ? bytes : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
