import { BenchreportError } from "@benchreport/contract";
import { cacheFolder, type DefaultModelDiagnosis, diagnoseDefaultModel } from "@benchreport/models";
import { printableLine } from "@benchreport/report/printable";
import pc from "picocolors";
import { defaultBackends } from "../backends/bundled-backends.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { wantsColor, writeOutput } from "../terminal/streams.ts";
import { version } from "../version.ts";
import type { BackendDiagnosis } from "../worker/protocol.ts";
import { startWorker } from "../worker/start-worker.ts";

export interface DoctorCommand {
  readonly json: boolean;
  readonly debug: boolean;
}

/**
 * `benchreport doctor`: which engines can run here, and for what is missing what to do. Ends with 2 when no real engine
 * can.
 */
export async function doctor({ json, debug }: DoctorCommand): Promise<ExitCode> {
  const diagnoses = await diagnose(debug);
  const model = await diagnoseDefaultModel();
  const usable = diagnoses.some(({ name, usable }) => usable && defaultBackends.includes(name));
  if (json) {
    const backends = diagnoses.map((one) => ({ ...one, version: one.version ?? null }));
    const { title, path, cached, fetchedBy = null, fix = null } = model;
    const defaultModel = { title, path, cached, fetched_by: fetchedBy, fix };
    const facts = { version, node: process.versions.node, cache_folder: cacheFolder(), default_model: defaultModel };
    writeOutput(JSON.stringify({ ...facts, backends }, null, 2));
  } else {
    const head = `benchreport ${version} · Node ${process.versions.node} · ${process.platform} ${process.arch}`;
    writeOutput([head, ...diagnoses.map(renderDiagnosis), renderModel(model)].join("\n\n"));
  }
  return usable ? exitCodes.fine : exitCodes.badInput;
}

function renderModel({ title, path, cached, fetchedBy, fix }: DefaultModelDiagnosis): string {
  const state = cached ? "in the cache" : fetchedBy === undefined ? "missing" : `fetched on first use, by ${fetchedBy}`;
  const lines = [
    `default model  ${printableLine(title)}`,
    `  ${mark(cached || fetchedBy !== undefined)} ${state}: ${printableLine(path)}`,
  ];
  if (fix !== undefined) lines.push(`    fix  ${printableLine(fix)}`);
  return lines.join("\n");
}

/** In a child process: an engine that cannot even be loaded must not take the doctor with it. */
async function diagnose(debug: boolean): Promise<readonly BackendDiagnosis[]> {
  let diagnoses: readonly BackendDiagnosis[] | undefined;
  let failure: string | undefined;
  const worker = startWorker(
    { kind: "doctor" },
    {
      debug,
      onMessage(message) {
        if (message.type === "doctor") diagnoses = message.diagnoses;
        if (message.type === "bug") failure = message.message;
      },
    },
  );
  const end = await worker.ended;
  if (diagnoses !== undefined) return diagnoses;
  throw new BenchreportError("ENGINE_DIED", {
    what: `The process that looks for engines died (${end.signal ?? `exit code ${end.exitCode}`}).`,
    why: failure ?? (end.lastWords || "It left no word."),
    fix: "Run again with --debug, and report it with what it prints.",
  });
}

function renderDiagnosis({ name, summary, usable, version: engine, devices, findings }: BackendDiagnosis): string {
  const colors = pc.createColors(wantsColor(process.stdout));
  const state = usable ? colors.green("usable") : colors.red("not usable");
  const lines = [
    `${colors.bold(printableLine(name))}  ${state}${engine === undefined ? "" : `  ${printableLine(engine)}`}`,
  ];
  if (summary !== "") lines.push(`  ${colors.dim(printableLine(summary))}`);
  if (devices.length > 0) lines.push(`  devices  ${printableLine(devices.join(", "))}`);
  for (const { what, ok, fix } of findings) {
    lines.push(`  ${mark(ok)} ${printableLine(what)}`);
    if (!ok && fix !== undefined) lines.push(`    ${colors.dim("fix")}  ${printableLine(fix)}`);
  }
  return lines.join("\n");
}

function mark(ok: boolean): string {
  const colors = pc.createColors(wantsColor(process.stdout));
  return ok ? colors.green("✔") : colors.red("✘");
}
