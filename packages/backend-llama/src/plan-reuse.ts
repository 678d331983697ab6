import { commonPrefixLength } from "@benchreport/contract";

/** What a session knows of the prefix that it holds. */
export interface HeldPrefix {
  readonly tokens: ArrayLike<number>;
  /** Whether the logits behind its last token were kept. */
  readonly complete: boolean;
  /** Whether the caller's identity fields are those of the new prefix. */
  readonly sameIdentity: boolean;
}

export interface ReusePlan {
  readonly reusedTokens: number;
  readonly commonTokens: number;
}

/**
 * Decides which cells stay so that warm logits equal cold ones bit for bit: an identical prefix whole, its partial last
 * chunk included,
 * anything else up to the last border of the prefill grid. Cells of a partial chunk were computed in another shape than
 * a longer prefix would compute them.
 */
export function planReuse(held: HeldPrefix, requested: ArrayLike<number>, ubatchTokens: number): ReusePlan {
  const commonTokens = commonPrefixLength(held.tokens, requested);
  if (!held.sameIdentity) return { reusedTokens: 0, commonTokens };
  const identical = commonTokens === requested.length && commonTokens === held.tokens.length;
  if (identical && held.complete) return { reusedTokens: commonTokens, commonTokens };
  const wholeChunks = Math.floor(commonTokens / ubatchTokens);
  // A prefix that ends with a whole chunk computes it again: its last token's logits are needed.
  const chunks = wholeChunks > 0 && wholeChunks * ubatchTokens === requested.length ? wholeChunks - 1 : wholeChunks;
  return { reusedTokens: chunks * ubatchTokens, commonTokens };
}
