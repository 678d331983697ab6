import type { Backend, Session } from "@benchreport/contract";
import type { ResolvedModel } from "@benchreport/models";
import { seededRandom, summariseMetric } from "@benchreport/runner";
import { countWith } from "./session/count-tokens.ts";
import { decodeAnswer } from "./session/decode-answer.ts";
import { type EngineSettings, openEngine } from "./session/open-engine.ts";
import { createTurnInput, type TurnInput } from "./session/turn-input.ts";
import { fillText } from "./text/fill-text.ts";
import { naturalPieces } from "./text/natural-text.ts";

export interface OverheadJob {
  readonly model: ResolvedModel;
  readonly settings: EngineSettings;
  readonly turns: number;
  readonly prefixTokens: number;
  readonly suffixTokens: number;
  readonly answerTokens: number;
  readonly onProgress: (line: string) => void;
}

/** What a turn costs beside the engine: (turn_ms − time inside the engine's calls) / turn_ms. */
export interface OverheadResult {
  readonly settings: EngineSettings;
  readonly kind: "cold" | "warm";
  readonly turns: readonly { readonly turnMs: number; readonly engineMs: number }[];
  /** Median of the turns' shares. */
  readonly overhead: number;
  readonly largest: number;
}

/** Takes whole turns, cold and warm; `undefined` where the engine does not say how long its calls took. */
export async function measureOverhead(job: OverheadJob): Promise<OverheadResult[] | undefined> {
  await using engine = await openEngine(job.model, job.settings);
  const random = seededRandom(1);
  const fill = (tokens: number, start: boolean): Promise<string> =>
    fillText(naturalPieces(random, 2 * tokens), tokens, countWith(engine, { start }));
  const input = createTurnInput(engine, await fill(job.prefixTokens, true), await fill(job.suffixTokens, false));
  const contextTokens = job.prefixTokens + job.suffixTokens + job.answerTokens;

  const cold: (Turn | undefined)[] = [];
  job.onProgress(`overhead: ${job.turns} cold and ${job.turns} warm turns`);
  for (let turn = 0; turn < job.turns; turn++) {
    await using session = await engine.openSession({ contextTokens });
    cold.push(await takeTurn(session, input, job.answerTokens));
  }
  const warm = await takeWarmTurns(engine, input, job, contextTokens);
  const results = [summarise(job.settings, "cold", cold), summarise(job.settings, "warm", warm)];
  return results.every((result) => result !== undefined) ? results : undefined;
}

type Turn = OverheadResult["turns"][number];

async function takeWarmTurns(
  engine: Backend,
  input: TurnInput,
  job: OverheadJob,
  contextTokens: number,
): Promise<(Turn | undefined)[]> {
  await using session = await engine.openSession({ contextTokens });
  await session.ensurePrefix(input.prefix);
  const turns: (Turn | undefined)[] = [];
  for (let turn = 0; turn < job.turns; turn++) turns.push(await takeTurn(session, input, job.answerTokens));
  return turns;
}

async function takeTurn(session: Session, input: TurnInput, answerTokens: number): Promise<Turn | undefined> {
  const before = session.explainContext().work.engineMs;
  const begin = performance.now();
  await session.ensurePrefix(input.prefix);
  await session.prefillSuffix(input.suffix);
  await decodeAnswer(session, { maxTokens: answerTokens, ignoreEndOfGeneration: true });
  const turnMs = performance.now() - begin;
  const after = session.explainContext().work.engineMs;
  return before === undefined || after === undefined ? undefined : { turnMs, engineMs: after - before };
}

function summarise(
  settings: EngineSettings,
  kind: OverheadResult["kind"],
  measured: readonly (Turn | undefined)[],
): OverheadResult | undefined {
  const turns = measured.filter((turn) => turn !== undefined);
  const summary = summariseMetric(turns.map(({ turnMs, engineMs }) => (turnMs - engineMs) / turnMs));
  return summary && { settings, kind, turns, overhead: summary.median, largest: summary.max };
}
