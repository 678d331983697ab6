import type { Session } from "@benchreport/contract";
import { predictReuse } from "@benchreport/contract/oracle";
import type { Harness } from "../harness/harness.ts";
import type { PreparedScenario } from "../plan/prepare-scenario.ts";
import type { NamedText, TurnRequest } from "../plan/step.ts";
import { measureTurn } from "./measure-turn.ts";
import type { BookkeepingSample, TurnMeasurement, TurnSample } from "./sample.ts";

/** A session and what the runner knows to be resident in it. */
export interface BenchSession {
  readonly session: Session;
  /** Tokens that a next prefix is compared with; `undefined` where they are not known. */
  resident: readonly number[] | undefined;
  /** The prefix that it holds; `undefined` while a turn is under way, and after one that failed. */
  prefixText: string | undefined;
}

export type MeasuredTurn = TurnMeasurement & Pick<TurnSample, "prediction">;

/**
 * Where the steps of a run are carried out: the harness, the one warm session that lives through the run, and what is
 * known of texts and sessions.
 * Opens sessions and closes them.
 */
export class Bench implements AsyncDisposable {
  readonly harness: Harness;
  readonly scenario: PreparedScenario;
  readonly clock: () => bigint;
  readonly signal: AbortSignal | undefined;
  readonly bookkeeping: BookkeepingSample[] = [];
  readonly #tokens = new Map<string, readonly number[]>();
  readonly #coldTurns = new Map<string, MeasuredTurn>();
  #warm: BenchSession | undefined;

  constructor(harness: Harness, scenario: PreparedScenario, signal?: AbortSignal | undefined) {
    this.harness = harness;
    this.scenario = scenario;
    this.clock = harness.backend.clock ?? (() => process.hrtime.bigint());
    this.signal = signal;
  }

  /** Opens a fresh session for the time of `use`; an engine of one session gets its warm one closed before. */
  async withFresh<T>(
    use: (session: BenchSession) => Promise<T>,
    contextTokens: number | undefined = this.scenario.contextTokens,
  ): Promise<T> {
    if (this.harness.backend.capabilities.maxSessions === 1) await this.discardWarm();
    const opened = await this.#open(contextTokens);
    try {
      return await use(opened);
    } finally {
      await opened.session.close();
    }
  }

  /** A turn on a session of its own. */
  async coldTurn(request: TurnRequest): Promise<MeasuredTurn> {
    const turn = await this.withFresh((session) => this.turn(session, request));
    this.#coldTurns.set(inputKey(request), turn);
    return turn;
  }

  /** What a fresh session answered to this input before; asked now where it never was. */
  async knownColdTurn(request: TurnRequest): Promise<MeasuredTurn> {
    return this.#coldTurns.get(inputKey(request)) ?? (await this.coldTurn(request));
  }

  /** Opens the run's warm session, unless it is open. */
  async openWarm(): Promise<BenchSession> {
    this.#warm ??= await this.#open(this.scenario.contextTokens);
    return this.#warm;
  }

  /** The run's warm session, holding exactly this prefix: warmed by an unmeasured turn where it does not. */
  async warmOn(prefix: NamedText): Promise<BenchSession> {
    const warm = await this.openWarm();
    if (warm.prefixText === prefix.text) return warm;
    const suffix = { name: "suffix", text: this.scenario.suffix };
    const turn = await this.turn(warm, { prefix, suffix, decodeTokens: 1, logProbabilities: false });
    this.bookkeeping.push({ kind: "primed", ms: turn.turnMs });
    return warm;
  }

  /** Takes one turn on a session, predicts its reuse, and notes what is resident afterwards. */
  async turn(on: BenchSession, request: TurnRequest): Promise<MeasuredTurn> {
    const { capabilities } = this.harness.backend;
    const prefixTokens = await this.tokenize(request.prefix.text, true);
    const prediction =
      prefixTokens === undefined || on.resident === undefined
        ? undefined
        : predictReuse({ tokens: on.resident, sameIdentity: true }, prefixTokens, capabilities.reuse);
    on.resident = undefined;
    on.prefixText = undefined;
    const measurement = await measureTurn(on.session, this.harness.turn(request.prefix.text, request.suffix.text), {
      clock: this.clock,
      separatePhases: capabilities.phases === "separate",
      tokenIds: capabilities.tokenIds,
      signal: this.signal,
      decode: {
        maxTokens: request.decodeTokens,
        logProbabilities: request.logProbabilities,
        ignoreEndOfGeneration: capabilities.ignoreEndOfGeneration,
      },
    });
    on.prefixText = request.prefix.text;
    on.resident = await this.#residentAfter(request, prefixTokens, measurement);
    return { ...measurement, prediction };
  }

  /** Token ids of a text, remembered; `undefined` where the engine gives none. */
  async tokenize(text: string, start: boolean): Promise<readonly number[] | undefined> {
    const { backend } = this.harness;
    if (!backend.capabilities.tokenIds) return undefined;
    const key = `${start ? "start" : "behind"}:${text}`;
    const known = this.#tokens.get(key) ?? (text === "" ? [] : await backend.tokenize(text, { start }));
    this.#tokens.set(key, known);
    return known;
  }

  /** Closes the warm session: after a failure nothing that it holds can be relied on. */
  async discardWarm(): Promise<void> {
    const warm = this.#warm;
    this.#warm = undefined;
    await warm?.session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.discardWarm();
  }

  async #open(contextTokens: number | undefined): Promise<BenchSession> {
    const start = this.clock();
    const session = await this.harness.openSession({ contextTokens, signal: this.signal });
    this.bookkeeping.push({ kind: "opened", ms: Number(this.clock() - start) / 1e6 });
    return { session, resident: [], prefixText: "" };
  }

  async #residentAfter(
    request: TurnRequest,
    prefixTokens: readonly number[] | undefined,
    measurement: TurnMeasurement,
  ): Promise<readonly number[] | undefined> {
    if (prefixTokens === undefined || this.harness.backend.capabilities.reuse.from === "prefix") return prefixTokens;
    const suffix = (await this.tokenize(request.suffix.text, request.prefix.text === "")) ?? [];
    const answer = measurement.tokenIds ?? [];
    // The last token of an answer of full length is pending: it counts as resident but has no cell that could be
    // reused.
    return [...prefixTokens, ...suffix, ...(measurement.finishReason === "length" ? answer.slice(0, -1) : answer)];
  }
}

function inputKey({ prefix, suffix, decodeTokens }: TurnRequest): string {
  return JSON.stringify([prefix.text, suffix.text, decodeTokens]);
}
