import type { DecodeConfig, Session } from "@benchreport/contract";

/** An answer and how sure the engine was of each token. */
export interface DecodedAnswer {
  readonly text: string;
  readonly outputTokens: number;
  readonly tokenIds: readonly (number | undefined)[];
  readonly logProbabilities: readonly (number | undefined)[];
  readonly margins: readonly (number | undefined)[];
}

/** Decodes to the end, without a look at the clock. */
export async function decodeAnswer(
  session: Session,
  { config, signal }: { readonly config: DecodeConfig; readonly signal: AbortSignal | undefined },
): Promise<DecodedAnswer> {
  const tokens = [];
  for await (const event of session.decode(config, { signal })) if (event.type === "token") tokens.push(event);
  return {
    text: tokens.map(({ text }) => text).join(""),
    outputTokens: tokens.length,
    tokenIds: tokens.map(({ id }) => id),
    logProbabilities: tokens.map(({ logProbability }) => logProbability),
    margins: tokens.map(({ margin }) => margin),
  };
}
