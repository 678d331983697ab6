import { type BackendModule, BenchreportError, type Capabilities, type Diagnosis } from "@benchreport/contract";
import { bundledBackends } from "../backends/bundled-backends.ts";
import { loadBackend } from "../backends/load-backend.ts";
import { createBackend } from "./create-backend.ts";
import type { BackendFacts, BackendRequest, DiagnoseJob, FromWorker } from "./protocol.ts";

/** Asks each adapter what it is and whether its engine can run here. */
export async function runDiagnose(
  { names, mustLoad, start }: DiagnoseJob,
  signal: AbortSignal,
  send: (message: FromWorker) => Promise<void>,
): Promise<void> {
  const backends: BackendFacts[] = [];
  for (const name of names) {
    const facts = await diagnose(name, mustLoad);
    const started = start === undefined ? undefined : await readCapabilities(name, start, signal, send);
    backends.push({ ...facts, capabilities: started });
  }
  await send({ type: "backends", backends });
}

async function diagnose(name: string, mustLoad: boolean): Promise<BackendFacts> {
  const unknown = { name, summary: undefined, model: undefined, settingsSchema: undefined, capabilities: undefined };
  let module: BackendModule;
  try {
    module = await loadBackend(name);
  } catch (error) {
    if (mustLoad) throw error;
    return { ...unknown, ...notLoaded(name, error) };
  }
  const { summary, model, settingsSchema } = module;
  return { ...unknown, summary, model, settingsSchema, ...(await module.diagnose().catch(diagnosisFailed)) };
}

/** Starts the engine for as long as the question takes. */
async function readCapabilities(
  name: string,
  start: BackendRequest,
  signal: AbortSignal,
  send: (message: FromWorker) => Promise<void>,
): Promise<Capabilities> {
  const { backend } = await createBackend(await loadBackend(name), start, signal, send);
  try {
    return structuredClone(backend.capabilities);
  } finally {
    await backend.close();
  }
}

function notLoaded(name: string, error: unknown): Diagnosis {
  const message = error instanceof Error ? error.message : String(error);
  const what = BenchreportError.is(error) && error.why !== undefined ? `${message} ${error.why}` : message;
  const own = BenchreportError.is(error) ? error.fix : undefined;
  const fix = Object.hasOwn(bundledBackends, name) ? `install @benchreport/backend-${name}` : own;
  return { usable: false, version: undefined, devices: [], findings: [{ what, ok: false, fix }] };
}

function diagnosisFailed(error: unknown): Diagnosis {
  const what = `its diagnosis failed: ${error instanceof Error ? error.message : String(error)}`;
  return { usable: false, version: undefined, devices: [], findings: [{ what, ok: false, fix: undefined }] };
}
