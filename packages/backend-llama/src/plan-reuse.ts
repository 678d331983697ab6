import { commonPrefixLength } from "@benchreport/contract";
import type { ReusePolicy } from "./reuse-policy.ts";

/** What a session holds, as far as its policy may keep it. */
export interface ReusableTokens {
  readonly tokens: ArrayLike<number>;
  /** Whether the logits behind the last of them were kept. */
  readonly complete: boolean;
  /** Whether the caller's identity fields are those of the new prefix. */
  readonly sameIdentity: boolean;
}

export interface ReusePlan {
  readonly reusedTokens: number;
  readonly commonTokens: number;
}

/**
 * Decides which cells stay. An identical prefix is kept whole, its partial last chunk included, by the logits that were
 * kept with it.
 * Of any other, `exact` keeps whole chunks of the prefill grid: cells of a partial chunk were computed in another shape
 * than a longer prefix would compute them. `longest` keeps all that is equal but the last token, whose logits are needed.
 */
export function planReuse(
  held: ReusableTokens,
  requested: ArrayLike<number>,
  { policy, ubatchTokens }: { readonly policy: ReusePolicy; readonly ubatchTokens: number },
): ReusePlan {
  const commonTokens = commonPrefixLength(held.tokens, requested);
  if (!held.sameIdentity || policy === "none") return { reusedTokens: 0, commonTokens };
  const identical = commonTokens === requested.length && commonTokens === held.tokens.length;
  if (identical && held.complete) return { reusedTokens: commonTokens, commonTokens };
  const step = policy === "longest" ? 1 : ubatchTokens;
  const kept = Math.min(commonTokens, Math.max(0, requested.length - 1));
  return { reusedTokens: kept - (kept % step), commonTokens };
}
