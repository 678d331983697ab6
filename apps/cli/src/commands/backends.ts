import type { Capabilities } from "@benchreport/contract";
import { renderPlainTable } from "@benchreport/report";
import { printableLine } from "@benchreport/report/printable";
import { bundledBackends } from "../backends/bundled-backends.ts";
import { findAdapters } from "../backends/find-adapters.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { describeSettings } from "../options/describe-settings.ts";
import type { Pair } from "../options/parse-pair.ts";
import { describeCapabilities } from "../terminal/describe-capabilities.ts";
import { outputColors, renderFindings, renderState } from "../terminal/render-diagnosis.ts";
import { columnsOf, writeOutput } from "../terminal/streams.ts";
import { askBackends } from "../worker/ask-worker.ts";
import type { BackendFacts } from "../worker/protocol.ts";

export interface BackendsCommand {
  /** Without it all are listed, bundled and installed. */
  readonly name: string | undefined;
  readonly model: string | undefined;
  readonly settings: readonly Pair[];
  readonly offline: boolean;
  readonly json: boolean;
  readonly debug: boolean;
}

/** `benchreport backends [NAME]`: the adapters that can be named, or one of them with its settings. */
export async function backends(command: BackendsCommand): Promise<ExitCode> {
  const { name, model, settings, offline, json, debug } = command;
  const names = name === undefined ? [...Object.keys(bundledBackends), ...(await findAdapters())] : [name];
  const start = model === undefined && settings.length === 0 ? undefined : { model, settings, offline };
  const found = await askBackends({ kind: "diagnose", names, mustLoad: name !== undefined, start }, debug);
  if (json) writeOutput(JSON.stringify({ backends: found.map(toJson) }, null, 2));
  else writeOutput(name === undefined ? renderList(found) : found.map(renderOne).join("\n\n"));
  return exitCodes.fine;
}

function renderList(found: readonly BackendFacts[]): string {
  const colors = outputColors();
  const rows = found.map(({ name, usable, version, summary }) => [
    colors.bold(printableLine(name)),
    usable ? colors.green("usable") : colors.red("not usable"),
    printableLine(version ?? "–"),
    printableLine(summary ?? ""),
  ]);
  const table = renderPlainTable({ rows, width: columnsOf(process.stdout) });
  const missing = found.filter(({ usable }) => !usable);
  const blocks = missing.map((one) => [`${printableLine(one.name)} misses`, ...renderFindings(one, colors)].join("\n"));
  const hint =
    "An adapter's settings: benchreport backends NAME. Another adapter: install its package, or pass its path.";
  return [table, ...blocks, colors.dim(hint)].join("\n\n");
}

function renderOne(facts: BackendFacts): string {
  const colors = outputColors();
  const width = columnsOf(process.stdout);
  const state = [renderState(facts, colors), ...renderFindings(facts, colors)];
  if (facts.model !== undefined) state.push(`  model    ${modelWords[facts.model]}`);
  const blocks = [state.join("\n")];
  if (facts.settingsSchema !== undefined) {
    const settings = describeSettings(facts.settingsSchema);
    const rows = settings.map((one) => [one.name, one.type, one.default, one.meaning].map(printableLine));
    const head = ["setting", "type", "default", "meaning"].map((title) => colors.dim(title));
    blocks.push(
      rows.length === 0 ? "No settings." : `Settings (--set KEY=VALUE)\n${renderPlainTable({ head, rows, width })}`,
    );
  }
  if (facts.capabilities !== undefined) blocks.push(renderCapabilities(facts.capabilities, width));
  else if (facts.usable) blocks.push(colors.dim(startHints[facts.model ?? "none"]));
  return blocks.join("\n\n");
}

const modelWords: Record<NonNullable<BackendFacts["model"]>, string> = {
  none: "takes none",
  file: "a file: --model FILE; without it the default model",
  folder: "a folder: --model FOLDER",
  name: "a name that the engine knows: --model NAME",
};

const startHints: Record<NonNullable<BackendFacts["model"]>, string> = {
  none: "What it can do with certain settings: add --set KEY=VALUE.",
  file: "What it can do with a model: add --model FILE.",
  folder: "What it can do with a model: add --model FOLDER.",
  name: "What it can do with a model: add --model NAME.",
};

function renderCapabilities(capabilities: Capabilities, width: number): string {
  const rows = describeCapabilities(capabilities).map((row) => row.map(printableLine));
  return `Capabilities\n${renderPlainTable({ rows, width })}`;
}

function toJson({ name, summary, usable, version, devices, findings, ...rest }: BackendFacts): object {
  const { model = null, settingsSchema = null, capabilities } = rest;
  const base = { name, bundled: Object.hasOwn(bundledBackends, name), summary: summary ?? null, model };
  const state = { usable, version: version ?? null, devices };
  const notes = findings.map((finding) => ({ ...finding, fix: finding.fix ?? null }));
  return {
    ...base,
    ...state,
    findings: notes,
    settings_schema: settingsSchema,
    capabilities: capabilities === undefined ? null : { ...capabilities, ...unlimited(capabilities) },
  };
}

/** What an engine does not limit is null, as in a report. */
function unlimited({ maxContextTokens, maxSessions }: Capabilities): object {
  return { maxContextTokens: maxContextTokens ?? null, maxSessions: maxSessions ?? null };
}
