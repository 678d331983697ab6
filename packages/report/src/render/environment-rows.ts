import type { Report } from "../schema/report.ts";
import { formatMilliseconds, significant } from "./units.ts";

/** One fact of what a run ran on. */
export interface EnvironmentRow {
  readonly name: string;
  readonly value: string;
  /** Whether it is something to type or to compare letter by letter. */
  readonly isCode: boolean;
}

/** What a run ran on and how it was made; what is unknown is left out. */
export function environmentRows(report: Report): EnvironmentRow[] {
  const { environment, engine, model_info, generator } = report;
  const { memory_limit_bytes: limit, cpu_governor: governor, load_average: load, usable_cores: usable } = environment;
  const limited = limit === null ? "" : `, limited to ${formatBytes(limit)}`;
  return [
    text("system", `${environment.os} ${environment.os_release} ${environment.architecture}`),
    text("CPU", environment.cpu_model),
    text(
      "cores",
      usable === null || usable === environment.cores ? `${environment.cores}` : `${usable} of ${environment.cores}`,
    ),
    text("memory", `${formatBytes(environment.memory_bytes)}${limited}`),
    text("CPU governor", governor),
    text("load before the run", load === null ? null : load.toFixed(2)),
    text("engine", `${engine.version}, adapter ${engine.name} ${engine.adapter_version}`),
    code("model digest", model_info.digest),
    text("benchreport", `${generator.version}, Node ${environment.node}`),
    text("started", `${report.started_at}, took ${formatMilliseconds(report.duration_ms)}`),
    code("command", report.command),
  ].filter((row) => row.value !== "");
}

function text(name: string, value: string | null): EnvironmentRow {
  return { name, value: value ?? "", isCode: false };
}

function code(name: string, value: string): EnvironmentRow {
  return { name, value, isCode: true };
}

/** A size in the unit that suits it, in powers of 1024. */
function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : significant(bytes / 1024 ** power)} ${units[power]}`;
}
