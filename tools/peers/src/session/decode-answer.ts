import type { DecodeConfig, DecodeEvent, Session, TokenEvent } from "@benchreport/contract";

/** Reads an answer to its end. */
export async function decodeAnswer(session: Session, config: DecodeConfig): Promise<TokenEvent[]> {
  const tokens: TokenEvent[] = [];
  for await (const event of session.decode(config)) if (isToken(event)) tokens.push(event);
  return tokens;
}

function isToken(event: DecodeEvent): event is TokenEvent {
  return event.type === "token";
}
