import { totalmem } from "node:os";
import { describe, expect, test } from "vitest";
import { readAvailableMemory } from "./available-memory.ts";

const GIB = 2 ** 30;
const meminfo = "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n";

function readFrom(files: Readonly<Record<string, string>>): (file: string) => string | undefined {
  return (file) => files[file];
}

describe("available memory", () => {
  test("is what the kernel could free, where no group limits it", () => {
    const read = readFrom({
      "/proc/meminfo": meminfo,
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/memory.max": "max",
    });
    expect(readAvailableMemory(read, "linux")).toBe(8 * GIB);
  });

  test("is what is left in the narrowest group of version 2, file pages not counted as used", () => {
    const read = readFrom({
      "/proc/meminfo": meminfo,
      "/proc/self/cgroup": "0::/jobs/one\n",
      "/sys/fs/cgroup/jobs/one/memory.max": `${4 * GIB}\n`,
      "/sys/fs/cgroup/jobs/one/memory.current": `${3 * GIB}\n`,
      "/sys/fs/cgroup/jobs/one/memory.stat": `anon 1\ninactive_file ${GIB}\nactive_file ${GIB}\n`,
      "/sys/fs/cgroup/jobs/memory.max": `${2 * GIB}\n`,
      "/sys/fs/cgroup/jobs/memory.current": `${GIB}\n`,
    });
    expect(readAvailableMemory(read, "linux")).toBe(1 * GIB);
  });

  test("is what is left in a group of version 1, also where a container shows only its root", () => {
    const read = readFrom({
      "/proc/meminfo": meminfo,
      "/proc/self/cgroup": "5:cpu:/a\n4:memory:/outside/of/it\n0::/\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": `${2 * GIB}\n`,
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": `${GIB}\n`,
      "/sys/fs/cgroup/memory/memory.stat": `total_inactive_file ${GIB / 2}\n`,
    });
    expect(readAvailableMemory(read, "linux")).toBe(1.5 * GIB);
  });

  test("never falls below 0", () => {
    const read = readFrom({
      "/proc/meminfo": meminfo,
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/memory.max": "1000",
      "/sys/fs/cgroup/memory.current": "2000",
    });
    expect(readAvailableMemory(read, "linux")).toBe(0);
  });

  test("is the whole memory on other systems, and where the kernel does not tell", () => {
    expect(readAvailableMemory(readFrom({}), "darwin")).toBe(totalmem());
    expect(readAvailableMemory(readFrom({}), "linux")).toBe(totalmem());
  });

  test("is above nothing and below everything on this machine", () => {
    expect(readAvailableMemory()).toBeGreaterThan(0);
    expect(readAvailableMemory()).toBeLessThanOrEqual(totalmem());
  });
});
