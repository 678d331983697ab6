import { type BackendModule, BenchreportError } from "@benchreport/contract";
import { defaultBackends } from "./bundled-backends.ts";
import { loadBackend } from "./load-backend.ts";

export interface ChosenBackend {
  readonly module: BackendModule;
  /** Why this one, in words; `undefined` when it was named. */
  readonly reason: string | undefined;
}

/**
 * The named backend, else the first bundled engine that says of itself that it can run here.
 *
 * @throws `ENGINE_UNAVAILABLE` when none can.
 */
export async function chooseBackend(name: string | undefined, hasSettings: boolean): Promise<ChosenBackend> {
  if (name !== undefined) return { module: await loadBackend(name), reason: undefined };
  const problems: string[] = [];
  for (const candidate of defaultBackends) {
    const module = await loadBackend(candidate);
    // Settings may name the very library that a diagnosis would miss: whoever sets an engine is taken at their word.
    if (hasSettings) return { module, reason: `${candidate}: the first bundled engine` };
    const diagnosis = await module.diagnose();
    if (diagnosis.usable) return { module, reason: `${candidate}: the first bundled engine that can run here` };
    const missing = diagnosis.findings.filter((finding) => !finding.ok);
    problems.push(
      ...missing.map(({ what, fix }) => `${candidate}: ${trimStop(what)}${fix === undefined ? "" : `: ${fix}`}`),
    );
  }
  throw new BenchreportError("ENGINE_UNAVAILABLE", {
    what: "No bundled engine can run here.",
    why: problems.join("\n"),
    fix: "See `benchreport doctor`, or name another backend with --backend.",
    meta: { tried: problems },
  });
}

function trimStop(text: string): string {
  return text.replace(/\.$/, "");
}
