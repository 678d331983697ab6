import { digestIdentity } from "@benchreport/contract";
import { type Report, schemaVersion } from "@benchreport/report";
import type {
  BookkeepingSample,
  ErrorSample,
  FailureSample,
  Sample,
  SnapshotSample,
  TurnSample,
} from "../measure/sample.ts";
import { medianOrNull } from "../statistics/summarise-metric.ts";
import { judgeRun } from "../verdicts/judge-run.ts";
import { summariseHeadline } from "./headline.ts";
import { mapUntimedTurn } from "./map-sample.ts";
import type { RunFacts, RunRecord } from "./run-record.ts";
import { summariseEdits, summariseSeedSections } from "./seed-sections.ts";
import { sectionNotes, summariseSections } from "./summarise-sections.ts";
import { summariseSnapshots } from "./summarise-snapshots.ts";

/** Delay between an engine's stamp and a token's arrival that a busy event loop explains. */
const explainedLagMs = 5;

/** Makes a run's report from its samples alone: the same samples, the same report. */
export function summarise(record: RunRecord): Report {
  const { facts, samples, end } = record;
  const { description, capabilities } = facts;
  const turns = samples.filter((sample): sample is TurnSample => sample.kind === "turn");
  const failureCases = samples.filter((sample): sample is FailureSample => sample.kind === "failure_case");
  const snapshots = samples.filter((sample): sample is SnapshotSample => sample.kind === "snapshot");
  const verdicts = judgeRun({ turns, failureCases, snapshots, capabilities });
  const sections = summariseSections(samples, facts.skipped, end);
  return {
    schema_version: schemaVersion,
    generator: facts.generator,
    command: facts.command,
    started_at: facts.startedAt,
    duration_ms: end.durationMs,
    complete: end.stopped === undefined,
    model: description.model.name,
    backend: description.name,
    mode: capabilities.reuse.trim === "none" ? "cold_only" : "live_prefix_reuse",
    profile: digestIdentity(description.identity),
    backend_version: description.version,
    headline: summariseHeadline(record, verdicts, sections),
    run: summariseRun(facts, samples, turns),
    ...summariseSeedSections(samples, verdicts),
    notes: [...collectNotes(record, turns), ...sectionNotes(sections, facts)],
    verdicts,
    sections,
    untimed_turns: turns.filter((turn) => turn.step.section === undefined).map(mapUntimedTurn),
    edit_positions: summariseEdits(samples),
    failure_details: Object.fromEntries(
      [...failureCases, ...snapshots].map((sample) => [
        sample.kind === "snapshot" ? "snapshot_roundtrip" : sample.section,
        [...sample.checks],
      ]),
    ),
    ...summariseSnapshots(snapshots),
    memory: {
      resident_high_water_bytes: end.residentHighWaterBytes ?? null,
      kv_bytes_per_token: description.kvBytesPerToken ?? null,
      kv_bytes_per_token_measured: snapshots[0]?.kvBytesPerToken ?? null,
    },
    engine: {
      name: description.name,
      version: description.version,
      adapter_version: description.adapterVersion,
      device: description.device,
      settings: { ...description.settings },
      capabilities: {
        ...capabilities,
        maxContextTokens: capabilities.maxContextTokens ?? null,
        maxSessions: capabilities.maxSessions ?? null,
      },
      identity: { ...description.identity },
      notes: [...description.notes],
    },
    model_info: {
      name: description.model.name,
      digest: description.model.digest,
      bytes: description.model.bytes,
      architecture: description.model.architecture,
      quantization: description.model.quantization ?? null,
      memory: description.model.memory,
      trained_context_tokens: description.model.trainedContextTokens ?? null,
    },
    scenario: facts.scenario,
    environment: facts.environment,
  };
}

function summariseRun(facts: RunFacts, samples: readonly Sample[], turns: readonly TurnSample[]): Report["run"] {
  const byRole = (role: TurnSample["step"]["role"]): TurnSample[] => turns.filter((turn) => turn.step.role === role);
  const bookkeeping = (kind: BookkeepingSample["kind"]) =>
    samples.filter((sample): sample is BookkeepingSample => sample.kind === kind);
  return {
    repetitions: facts.repetitions,
    warm_up_turns: byRole("warm_up").length,
    priming_turns: bookkeeping("primed").length,
    load_ms: facts.loadMs ?? null,
    open_ms: bookkeeping("opened").map((sample) => sample.ms),
    yardstick: byRole("yardstick").map((turn) => ({ prefix_ms: turn.prefixMs ?? null, ttft_ms: turn.ttftMs ?? null })),
  };
}

function collectNotes({ facts, samples, end }: RunRecord, turns: readonly TurnSample[]): string[] {
  const primings = samples.filter((sample) => sample.kind === "primed").length;
  const warmUps = turns.filter((turn) => turn.step.role === "warm_up").length;
  const future = turns.reduce((sum, turn) => sum + turn.futureStamps, 0);
  const late = turns.filter(arrivesLate).length;
  const stray = samples.filter(
    (sample): sample is ErrorSample => sample.kind === "error" && sample.section === undefined,
  );
  return [
    ...(end.stopped === undefined ? [] : [end.stopped.reason]),
    ...facts.notes,
    ...facts.description.notes,
    `${warmUps} warm-up turn${warmUps === 1 ? "" : "s"} excluded; ${primings} priming turn${primings === 1 ? "" : "s"} not measured.`,
    ...(future === 0
      ? []
      : [`${future} token stamps of the engine lie after the token's arrival: its clock cannot be trusted.`]),
    ...(late === 0
      ? []
      : [
          `In ${late} turns tokens arrived later than stamped by more than a token takes: rates from stamps may be too good.`,
        ]),
    ...stray.map(
      (error) => `A ${(error.role ?? "helper").replaceAll("_", "-")} turn failed: ${error.message} (${error.code})`,
    ),
  ];
}

/** Whether tokens arrive so long after their stamps that a busy event loop does not explain it. */
function arrivesLate({ stampLagMs, itlMs }: TurnSample): boolean {
  return (stampLagMs ?? 0) > Math.max(explainedLagMs, medianOrNull(itlMs) ?? 0);
}
