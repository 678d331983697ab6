import type { BackendDescription } from "@benchreport/contract";
import { renderPlainTable } from "@benchreport/report";
import { printableLine } from "@benchreport/report/printable";
import type { Forecast, ForecastStep } from "@benchreport/runner";
import { describeEngine } from "../worker/run-log.ts";

interface ForecastedRun {
  readonly description: BackendDescription;
  readonly forecast: Forecast;
}

/** What a run would do, for a person: equal steps on one line, then what they come to. */
export function renderForecast({ description, forecast }: ForecastedRun, width: number): string {
  const head = ["times", "session", "prefix", "evaluated", "suffix", "answer", "step"];
  const rows = groupSteps(forecast.steps).map(({ what, steps }) => rowOf(what, steps));
  const table = renderPlainTable({ head, rows, alignRight: [0, 2, 3, 4, 5], width });
  const skipped = forecast.skipped.map(({ section, status, reason }) =>
    printableLine(`- ${section}: ${status.replaceAll("_", " ")}: ${reason}`),
  );
  const notes = forecast.notes.map((note) => `- ${printableLine(note)}`);
  const blocks = [
    printableLine(describeEngine(description)),
    table,
    describeTotals(forecast),
    [...skipped, ...notes].join("\n"),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** The same for programs, every step in its order; unknown counts are null. */
export function forecastJson({ description, forecast }: ForecastedRun): string {
  const value = {
    backend: description.name,
    backend_version: description.version,
    model: description.model.name,
    turns: forecast.turns,
    priming_turns: forecast.primingTurns,
    evaluated_tokens: forecast.evaluatedTokens ?? null,
    decode_tokens: forecast.decodeTokens,
    context_tokens: forecast.contextTokens ?? null,
    steps: forecast.steps.map(stepJson),
    skipped: forecast.skipped,
    notes: forecast.notes,
  };
  return JSON.stringify(value, null, 2);
}

function stepJson(step: ForecastStep): object {
  return {
    step: step.what,
    section: step.section ?? null,
    role: step.role ?? null,
    repetition: step.repetition ?? null,
    session: step.session ?? null,
    primed: step.primed,
    prefix_tokens: step.prefixTokens ?? null,
    evaluated_tokens: step.evaluatedTokens ?? null,
    suffix_tokens: step.suffixTokens ?? null,
    decode_tokens: step.decodeTokens ?? null,
  };
}

interface StepGroup {
  readonly what: string;
  readonly steps: readonly ForecastStep[];
}

/** Repetitions of a step together, in the order in which the first of each comes. */
function groupSteps(steps: readonly ForecastStep[]): StepGroup[] {
  const groups = new Map<string, ForecastStep[]>();
  for (const step of steps) {
    const what = step.repetition === undefined ? step.what : (step.section ?? step.what).replaceAll("_", " ");
    const key = JSON.stringify([
      what,
      step.role,
      step.session,
      step.prefixTokens,
      step.suffixTokens,
      step.decodeTokens,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups].map(([key, grouped]) => ({ what: String((JSON.parse(key) as unknown[])[0]), steps: grouped }));
}

function rowOf(what: string, steps: readonly ForecastStep[]): string[] {
  const [step] = steps;
  const evaluated = [...new Set(steps.map((one) => one.evaluatedTokens))];
  return [
    String(steps.length),
    step?.session ?? "",
    count(step?.prefixTokens),
    evaluated.length === 1 ? count(evaluated[0]) : `${count(Math.min(...evaluated.map((one) => one ?? 0)))}+`,
    count(step?.suffixTokens),
    count(step?.decodeTokens),
    printableLine(what),
  ];
}

function describeTotals({
  turns,
  primingTurns,
  evaluatedTokens,
  decodeTokens,
  contextTokens,
  steps,
}: Forecast): string {
  const several = steps.filter(({ role }) => role === undefined).map(({ what }) => what);
  const evaluated = evaluatedTokens === undefined ? "an unknown number of" : String(evaluatedTokens);
  const lines = [
    `${turns} turns and ${primingTurns} priming turns: ${evaluated} prompt tokens evaluated, ${decodeTokens} generated.`,
    `Beside them, of several turns each and not foreseen: ${several.join(", ")}.`,
  ];
  if (contextTokens !== undefined) lines.push(`Sessions of ${contextTokens} tokens.`);
  return lines.join("\n");
}

function count(tokens: number | undefined): string {
  return tokens === undefined ? "–" : String(tokens);
}
