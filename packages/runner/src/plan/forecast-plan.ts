import type { Capabilities } from "@benchreport/contract";
import { predictReuse } from "@benchreport/contract/oracle";
import type { SectionName } from "@benchreport/report";
import type { Harness } from "../harness/harness.ts";
import { countTokens } from "../scenario/count-tokens.ts";
import { describeStep } from "./describe-step.ts";
import type { PreparedScenario } from "./prepare-scenario.ts";
import type { Plan, Step, TurnRole } from "./step.ts";

/** A step that would be carried out, with its lengths; what is not known before it runs is `undefined`. */
export interface ForecastStep {
  readonly what: string;
  readonly section: SectionName | undefined;
  readonly role: TurnRole | undefined;
  readonly repetition: number | undefined;
  readonly session: "fresh" | "warm" | undefined;
  /** Whether an unmeasured turn comes first that warms the session. */
  readonly primed: boolean;
  readonly prefixTokens: number | undefined;
  /** Tokens of the prefix that the engine's capabilities let one expect to be evaluated. */
  readonly evaluatedTokens: number | undefined;
  readonly suffixTokens: number | undefined;
  readonly decodeTokens: number | undefined;
}

/** What a run would do. Turns within failure cases, and those that results call for, are not counted. */
export interface Forecast {
  readonly steps: readonly ForecastStep[];
  readonly turns: number;
  readonly primingTurns: number;
  /** Tokens of prompts that turns and primings evaluate; `undefined` where one of them cannot be foreseen. */
  readonly evaluatedTokens: number | undefined;
  readonly decodeTokens: number;
  /** Of each session but the small one; `undefined`: the engine's default. */
  readonly contextTokens: number | undefined;
  readonly skipped: Plan["skipped"];
  readonly notes: Plan["notes"];
}

/** Foresees each step of a plan: how long its texts are, and how much of them an honest engine evaluates. */
export async function forecastPlan(plan: Plan, scenario: PreparedScenario, harness: Harness): Promise<Forecast> {
  const { capabilities } = harness.backend;
  const measure = createMeasure(harness);
  const priming = { prefix: scenario.stable, suffix: scenario.suffix, decodeTokens: 1 };
  const steps: ForecastStep[] = [];
  let last: WarmTurn | undefined;
  for (const step of plan.steps) {
    if (step.kind !== "turn") {
      steps.push(nothingKnown(step));
      continue;
    }
    const { prefix, suffix, decodeTokens } = step.request;
    const warm = step.session === "warm";
    if (!warm && capabilities.maxSessions === 1) last = undefined;
    const primed = warm && last?.prefix !== scenario.stable;
    if (primed) last = priming;
    const requested = await measure.prefix(prefix.text);
    const resident = warm && last !== undefined ? await residentAfter(last, capabilities, measure) : [];
    steps.push({
      ...nothingKnown(step),
      role: step.role,
      repetition: step.repetition,
      session: step.session,
      primed,
      prefixTokens: requested?.length,
      evaluatedTokens: requested && resident && evaluatedOf(requested, resident, capabilities),
      suffixTokens: await measure.suffix(suffix.text),
      decodeTokens,
    });
    if (warm) last = { prefix: prefix.text, suffix: suffix.text, decodeTokens };
  }
  const [stable, suffix] = [await measure.prefix(scenario.stable), await measure.suffix(scenario.suffix)];
  const turns = steps.filter((step) => step.role !== undefined);
  const primingTurns = turns.filter(({ primed }) => primed).length;
  const primings = {
    evaluatedTokens: stable && stable.length * primingTurns,
    suffixTokens: suffix && suffix * primingTurns,
  };
  return {
    steps,
    turns: turns.length,
    primingTurns,
    evaluatedTokens: sum([primings, ...turns].flatMap((turn) => [turn.evaluatedTokens, turn.suffixTokens])),
    decodeTokens: sum(turns.map((turn) => turn.decodeTokens)) ?? 0,
    contextTokens: scenario.contextTokens,
    skipped: plan.skipped,
    notes: plan.notes,
  };
}

interface WarmTurn {
  readonly prefix: string;
  readonly suffix: string;
  readonly decodeTokens: number;
}

/** Stands for the tokens of an answer, which nobody knows before. */
const unknownToken = -1;

/** What the next prefix is compared with, as far as it can be known. */
async function residentAfter(
  turn: WarmTurn,
  { reuse }: Capabilities,
  measure: ReturnType<typeof createMeasure>,
): Promise<readonly number[] | undefined> {
  const prefix = await measure.prefix(turn.prefix);
  if (reuse.from === "prefix" || prefix === undefined) return prefix;
  // The last token of an answer has no cell yet.
  const answer = Array.from({ length: turn.decodeTokens - 1 }, () => unknownToken);
  return [...prefix, ...((await measure.tokens(turn.suffix)) ?? []), ...answer];
}

function evaluatedOf(
  requested: readonly number[],
  resident: readonly number[],
  { reuse }: Capabilities,
): number | undefined {
  const { reusedTokens } = predictReuse({ tokens: resident, sameIdentity: true }, requested, reuse);
  return reusedTokens === undefined ? undefined : requested.length - reusedTokens;
}

function nothingKnown(step: Step): ForecastStep {
  return {
    what: describeStep(step),
    section: step.section,
    role: undefined,
    repetition: undefined,
    session: undefined,
    primed: false,
    prefixTokens: undefined,
    evaluatedTokens: undefined,
    suffixTokens: undefined,
    decodeTokens: undefined,
  };
}

/** Token ids and lengths of texts, each asked for once; `undefined` where the engine gives none. */
function createMeasure(harness: Harness) {
  const { capabilities } = harness.backend;
  const remember = <T>(ask: (text: string) => Promise<T>): ((text: string) => Promise<T | undefined>) => {
    const known = new Map<string, T>();
    return async (text) => {
      if (!capabilities.tokenIds) return undefined;
      const value = known.get(text) ?? (await ask(text));
      known.set(text, value);
      return value;
    };
  };
  return {
    prefix: remember(async (text) => (text === "" ? [] : await harness.backend.tokenize(text, { start: true }))),
    tokens: remember(async (text) => (text === "" ? [] : await harness.backend.tokenize(text, { start: false }))),
    suffix: remember(countTokens(harness).suffix),
  };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : known.reduce((total, value) => total + value, 0);
}
