import type { DecodeConfig, FinishEvent, Session, TokenEvent } from "@benchreport/contract";
import type { TurnInput } from "../harness/harness.ts";
import { medianOrNull } from "../statistics/summarise-metric.ts";
import type { TurnMeasurement } from "./sample.ts";

export interface TurnOptions {
  readonly clock: () => bigint;
  readonly decode: DecodeConfig;
  /** Whether prefix and suffix have times of their own. */
  readonly separatePhases: boolean;
  readonly tokenIds: boolean;
  readonly signal?: AbortSignal | undefined;
}

const nanosecondsPerMillisecond = 1e6;

/**
 * Takes one turn and stamps it: prefix, suffix (none for an empty text), decode. Nothing else happens while the clock
 * runs.
 */
export async function measureTurn(session: Session, input: TurnInput, options: TurnOptions): Promise<TurnMeasurement> {
  const { clock, signal } = options;
  const tokens: TokenEvent[] = [];
  const arrivals: bigint[] = [];
  let finish: FinishEvent | undefined;

  const start = clock();
  const prefix = await session.ensurePrefix(input.prefix, { signal });
  const prefixEnd = clock();
  const suffix = input.suffix.text === "" ? undefined : await session.prefillSuffix(input.suffix, { signal });
  const suffixEnd = clock();
  for await (const event of session.decode(options.decode, { signal })) {
    arrivals.push(clock());
    if (event.type === "token") tokens.push(event);
    else finish = event;
  }

  const since = (moment: bigint | undefined): number | undefined =>
    moment === undefined ? undefined : milliseconds(moment - start);
  const stamps = tokens.map((token) => token.at);
  const itlMs = stamps.slice(1).map((stamp, index) => milliseconds(stamp - (stamps[index] ?? stamp)));
  return {
    prefixMs: options.separatePhases ? since(prefixEnd) : undefined,
    suffixMs: options.separatePhases && suffix !== undefined ? milliseconds(suffixEnd - prefixEnd) : undefined,
    ttftMs: tokens.length === 0 ? undefined : since(arrivals[0]),
    decodeMs: tokens.length < 2 ? undefined : milliseconds((stamps.at(-1) ?? 0n) - (stamps[0] ?? 0n)),
    itlMs,
    turnMs: milliseconds((arrivals.at(-1) ?? suffixEnd) - start),
    tokenizeMs: prefix.tokenizeMs,
    prefixTokens: prefix.prefixTokens,
    reusedTokens: prefix.reusedTokens,
    prefilledTokens: prefix.prefilledTokens,
    suffixTokens: suffix === undefined ? 0 : suffix.suffixTokens,
    outputTokens: finish?.outputTokens,
    miss: prefix.miss,
    finishReason: finish?.reason,
    tokenIds: options.tokenIds ? tokens.map((token) => token.id ?? -1) : undefined,
    text: tokens.map((token) => token.text).join(""),
    logProbabilities: allKnown(tokens.map((token) => token.logProbability)),
    margins: allKnown(tokens.map((token) => token.margin)),
    stampLagMs: medianLag(stamps, arrivals),
    futureStamps: stamps.filter((stamp, index) => stamp > (arrivals[index] ?? stamp)).length,
  };
}

/** The values, if every token has one. */
function allKnown(values: readonly (number | undefined)[]): readonly number[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && known.length > 0 ? known : undefined;
}

/** Median time between an engine's stamp and the token's arrival. */
function medianLag(stamps: readonly bigint[], arrivals: readonly bigint[]): number | undefined {
  const lags = stamps.map((stamp, index) => milliseconds((arrivals[index] ?? stamp) - stamp));
  return medianOrNull(lags) ?? undefined;
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / nanosecondsPerMillisecond;
}
