import { type Backend, type BackendModule, BenchreportError } from "@benchreport/contract";
import { resolveModel } from "@benchreport/models";
import { checkBackend } from "../backends/check-backend.ts";
import { convertSettings } from "../options/convert-settings.ts";
import type { BackendRequest, FromWorker } from "./protocol.ts";

export interface StartedBackend {
  readonly backend: Backend;
  /** How long the engine took to load, without what it took to get the model. */
  readonly loadMs: number;
}

/** Resolves the model, converts the settings, and starts the engine. */
export async function createBackend(
  module: BackendModule,
  request: BackendRequest,
  signal: AbortSignal,
  send: (message: FromWorker) => Promise<void>,
): Promise<StartedBackend> {
  const settings = convertSettings(request.settings, module.settingsSchema, module.name);
  if (module.model === "none" && request.model !== undefined) throw takesNoModel(module.name);
  const model = await resolveModel({
    model: request.model,
    accepts: module.model,
    offline: request.offline,
    signal,
    onProgress: ({ text, fraction }) => void send({ type: "setup", text, fraction }),
  });
  const text = `Loading ${model?.name ?? module.name}`;
  await send({ type: "setup", text, fraction: 0 });
  const start = performance.now();
  try {
    const onProgress = (fraction: number): void => void send({ type: "setup", text, fraction });
    const backend = checkBackend(module.name, await module.createBackend({ settings, model, signal, onProgress }));
    return { backend, loadMs: performance.now() - start };
  } catch (error) {
    if (BenchreportError.is(error) || signal.aborted) throw error;
    throw engineFailed(module.name, error);
  }
}

function takesNoModel(backend: string): BenchreportError {
  return new BenchreportError("SETTINGS_INVALID", {
    what: `The backend ${backend} takes no model.`,
    fix: "Leave out --model.",
    meta: { setting: "model" },
  });
}

function engineFailed(backend: string, cause: unknown): BenchreportError {
  return new BenchreportError("ENGINE_FAILED", {
    what: `The backend ${backend} could not be started.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "See `benchreport doctor`, or run again with --debug.",
    meta: { backend },
    cause,
  });
}
