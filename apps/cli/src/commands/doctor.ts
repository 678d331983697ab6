import { existsSync } from "node:fs";
import { BenchreportError } from "@benchreport/contract";
import { cacheFolder } from "@benchreport/models";
import { printable } from "@benchreport/report";
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

/** `benchreport doctor`: which engines can run here, and for what is missing what to do. Ends with 2 when no real engine can. */
export async function doctor({ json, debug }: DoctorCommand): Promise<ExitCode> {
  const diagnoses = await diagnose(debug);
  const usable = diagnoses.some(({ name, usable }) => usable && defaultBackends.includes(name));
  const folder = cacheFolder();
  if (json) {
    const backends = diagnoses.map((one) => ({ ...one, version: one.version ?? null }));
    writeOutput(JSON.stringify({ version, node: process.versions.node, cache_folder: folder, backends }, null, 2));
  } else {
    const cache = `cache  ${folder}${existsSync(folder) ? "" : " (made when it is first needed)"}`;
    const head = `benchreport ${version} · Node ${process.versions.node} · ${process.platform} ${process.arch}\n${cache}`;
    writeOutput([head, ...diagnoses.map(renderDiagnosis)].join("\n\n"));
  }
  return usable ? exitCodes.fine : exitCodes.badInput;
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
  const lines = [`${colors.bold(name)}  ${state}${engine === undefined ? "" : `  ${engine}`}`];
  if (summary !== "") lines.push(`  ${colors.dim(summary)}`);
  if (devices.length > 0) lines.push(`  devices  ${devices.join(", ")}`);
  for (const finding of findings) {
    lines.push(`  ${finding.ok ? colors.green("✔") : colors.red("✘")} ${finding.what}`);
    if (!finding.ok && finding.fix !== undefined) lines.push(`    ${colors.dim("fix")}  ${finding.fix}`);
  }
  return lines.map(printable).join("\n").replaceAll("\\u001b", "\u001b");
}
