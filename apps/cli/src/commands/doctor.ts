import { cacheFolder, type DefaultModelDiagnosis, diagnoseDefaultModel } from "@benchreport/models";
import { printableLine } from "@benchreport/report/printable";
import { bundledBackends, defaultBackends } from "../backends/bundled-backends.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { outputColors, renderFinding, renderFindings, renderState } from "../terminal/render-diagnosis.ts";
import { writeOutput } from "../terminal/streams.ts";
import { version } from "../version.ts";
import { askBackends } from "../worker/ask-worker.ts";

export interface DoctorCommand {
  readonly json: boolean;
  readonly debug: boolean;
}

/**
 * `benchreport doctor`: which engines can run here, and for what is missing what to do. Ends with 2 when no real engine
 * can.
 */
export async function doctor({ json, debug }: DoctorCommand): Promise<ExitCode> {
  const names = Object.keys(bundledBackends);
  const diagnoses = await askBackends({ kind: "diagnose", names, mustLoad: false, start: undefined }, debug);
  const model = await diagnoseDefaultModel();
  const usable = diagnoses.some(({ name, usable }) => usable && defaultBackends.includes(name));
  if (json) {
    const backends = diagnoses.map(({ name, summary = "", usable, version = null, devices, findings }) => {
      return { name, summary, usable, version, devices, findings };
    });
    const { title, path, cached, fetchedBy = null, fix = null } = model;
    const defaultModel = { title, path, cached, fetched_by: fetchedBy, fix };
    const facts = { version, node: process.versions.node, cache_folder: cacheFolder(), default_model: defaultModel };
    writeOutput(JSON.stringify({ ...facts, backends }, null, 2));
  } else {
    const colors = outputColors();
    const head = `benchreport ${version} · Node ${process.versions.node} · ${process.platform} ${process.arch}`;
    const blocks = diagnoses.map((one) => [renderState(one, colors), ...renderFindings(one, colors)].join("\n"));
    writeOutput([head, ...blocks, renderModel(model)].join("\n\n"));
  }
  return usable ? exitCodes.fine : exitCodes.badInput;
}

function renderModel({ title, path, cached, fetchedBy, fix }: DefaultModelDiagnosis): string {
  const state = cached ? "in the cache" : fetchedBy === undefined ? "missing" : `fetched on first use, by ${fetchedBy}`;
  const finding = renderFinding(`${state}: ${path}`, cached || fetchedBy !== undefined, fix, outputColors());
  return [`default model  ${printableLine(title)}`, ...finding].join("\n");
}
