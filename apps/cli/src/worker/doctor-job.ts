import { bundledBackends } from "../backends/bundled-backends.ts";
import { loadBackend } from "../backends/load-backend.ts";
import type { BackendDiagnosis } from "./protocol.ts";

/** Asks each bundled adapter whether its engine can run here. */
export async function runDoctor(): Promise<BackendDiagnosis[]> {
  const diagnoses: BackendDiagnosis[] = [];
  for (const name of Object.keys(bundledBackends)) diagnoses.push(await diagnose(name));
  return diagnoses;
}

async function diagnose(name: string): Promise<BackendDiagnosis> {
  try {
    const module = await loadBackend(name);
    return { name, summary: module.summary, ...(await module.diagnose()) };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const fix = `install @benchreport/backend-${name}`;
    return { name, summary: "", usable: false, version: undefined, devices: [], findings: [{ what, ok: false, fix }] };
  }
}
