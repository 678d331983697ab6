import type { DecodeEvent } from "@benchreport/contract";
import type { ResolvedDecodeConfig } from "@benchreport/contract/adapter";
import type { MemorySettings } from "../memory-settings.ts";
import { mix, toUnit } from "./hash.ts";
import type { KvCache } from "./kv-cache.ts";
import { computeLogits } from "./logits.ts";
import { sampleToken } from "./sample-token.ts";
import { endToken, tokenText } from "./tokenizer.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface GenerateState {
  readonly cache: KvCache;
  /** Everything resident; each generated token is appended. */
  readonly tokens: number[];
  readonly clock: VirtualClock;
  readonly settings: MemorySettings;
  readonly contextTokens: number;
  /** Whether the prefix was reused. */
  readonly warm: boolean;
  /** Called for each token that got its cell. */
  onEvaluated(): void;
}

/** How far warm logits lie from cold ones where the engine is set to be inexact. */
const inexactness = 1e-6;

/**
 * The decode loop: samples a token, pushes its event, evaluates it when another is wanted. Runs ahead in time: the
 * clock moves when events are delivered.
 */
export async function generate(
  state: GenerateState,
  config: ResolvedDecodeConfig,
  push: (event: DecodeEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { cache, tokens, clock, settings } = state;
  let at = clock.now();
  for (let count = 0; !signal.aborted; count++) {
    if (count === config.maxTokens) return finish("length", count);
    if (count > 0) {
      cache.append(tokens.at(-1) ?? 0);
      at += clock.measure(settings.decodeTokenMs);
      state.onEvaluated();
    }
    at += clock.measure(settings.callMs);
    const token = sampleToken(currentLogits(state), config, tokens.length);
    if (token.id === endToken && !config.ignoreEndOfGeneration) return finish("stop", count);
    if (tokens.length === state.contextTokens) return finish("context_full", count);
    tokens.push(token.id);
    const { logProbability, margin } = config.logProbabilities
      ? token
      : { logProbability: undefined, margin: undefined };
    push({ type: "token", id: token.id, text: tokenText(token.id), at, logProbability, margin });
    await new Promise(setImmediate);
  }

  function finish(reason: "length" | "stop" | "context_full", outputTokens: number): void {
    push({ type: "finish", reason, outputTokens, at });
  }
}

function currentLogits({ cache, settings, warm }: GenerateState): Float64Array {
  const attention = cache.attend();
  const logits = computeLogits(attention, settings.weights);
  if (settings.exact || !warm) return logits;
  return logits.map((logit, index) => logit + inexactness * toUnit(mix(attention, index)));
}
