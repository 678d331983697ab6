import type { Capabilities } from "./capabilities.ts";
import { commonPrefixLength } from "./common-prefix-length.ts";

/** What a session holds before a turn, as far as it can be reused. */
export interface ResidentState {
  /** Tokens resident as prefix; where `reuse.from` is `resident`, everything resident. Empty for a fresh session. */
  readonly tokens: ArrayLike<number>;
  /** Whether the caller's identity fields are those of the new turn. */
  readonly sameIdentity: boolean;
}

export interface ReusePrediction {
  /** Tokens that an engine of these capabilities reuses; `undefined` where it stores checkpoints of its own choice. */
  readonly reusedTokens: number | undefined;
  /** Length of the common token prefix: no honest engine reuses more. */
  readonly commonTokens: number;
}

/**
 * Predicts how many tokens of `requested` a session reuses.
 *
 * With R resident, N requested, L common and g the granularity: an identical prefix (L = N = R) reuses N, N − 1 or
 * floor((N − 1) / g) · g
 * as `wholePrefix` declares; anything else floor(min(L, N − 1) / g) · g, since the last requested token is always
 * evaluated for its logits.
 */
export function predictReuse(
  resident: ResidentState,
  requested: ArrayLike<number>,
  reuse: Capabilities["reuse"],
): ReusePrediction {
  const commonTokens = commonPrefixLength(resident.tokens, requested);
  if (reuse.trim === "none" || !resident.sameIdentity || resident.tokens.length === 0 || requested.length === 0) {
    return { reusedTokens: 0, commonTokens };
  }
  if (reuse.trim === "checkpoint") return { reusedTokens: undefined, commonTokens };
  const identical = commonTokens === requested.length && commonTokens === resident.tokens.length;
  if (identical && reuse.wholePrefix === "all") return { reusedTokens: requested.length, commonTokens };
  if (identical && reuse.wholePrefix === "all_but_last") return { reusedTokens: requested.length - 1, commonTokens };
  const kept = Math.min(commonTokens, requested.length - 1);
  return { reusedTokens: Math.floor(kept / reuse.granularityTokens) * reuse.granularityTokens, commonTokens };
}
