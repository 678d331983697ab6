import type { Diagnosis } from "@benchreport/contract";
import { printableLine } from "@benchreport/report/printable";
import pc from "picocolors";
import { wantsColor } from "./streams.ts";

type Colors = ReturnType<typeof pc.createColors>;

/** Colours for stdout, or none. */
export function outputColors(): Colors {
  return pc.createColors(wantsColor(process.stdout));
}

/** An adapter's name and state on one line, what it is below. */
export function renderState(
  { name, summary, usable, version }: { readonly name: string; readonly summary: string | undefined } & Diagnosis,
  colors: Colors,
): string {
  const state = usable ? colors.green("usable") : colors.red("not usable");
  const head = `${colors.bold(printableLine(name))}  ${state}${version === undefined ? "" : `  ${printableLine(version)}`}`;
  return summary === undefined || summary === "" ? head : `${head}\n  ${colors.dim(printableLine(summary))}`;
}

/** Devices, what was found, and for what is missing what to do; indented, without a line break at the end. */
export function renderFindings({ devices, findings }: Diagnosis, colors: Colors): string[] {
  const lines = devices.length > 0 ? [`  devices  ${printableLine(devices.join(", "))}`] : [];
  for (const { what, ok, fix } of findings) lines.push(...renderFinding(what, ok, fix, colors));
  return lines;
}

export function renderFinding(what: string, ok: boolean, fix: string | undefined, colors: Colors): string[] {
  const line = `  ${ok ? colors.green("✔") : colors.red("✘")} ${printableLine(what)}`;
  return ok || fix === undefined ? [line] : [line, `    ${colors.dim("fix")}  ${printableLine(fix)}`];
}
