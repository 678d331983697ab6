import { binomialDistribution } from "simple-statistics";

export interface MedianInterval {
  readonly low: number;
  readonly high: number;
  /** How often such an interval holds the true median, whatever the distribution. */
  readonly coverage: number;
}

/** Five samples give 93.75 % at most, and that is wished of longer runs too. */
const wishedCoverage = 0.9375;

/**
 * The narrowest interval between two order statistics, as many from below as from above, that covers the median at
 * least as often as wished;
 * the whole range where no such interval does. From the binomial distribution, see David and Nagaraja, Order
 * Statistics, 7.1.
 */
export function medianInterval(sorted: readonly number[]): MedianInterval | undefined {
  const low = sorted[0];
  const high = sorted.at(-1);
  if (sorted.length < 2 || low === undefined || high === undefined) return undefined;
  const probabilities = binomialDistribution(sorted.length, 0.5) ?? [];
  let tail = probabilities[0] ?? 0;
  let best: MedianInterval = { low, high, coverage: 1 - 2 * tail };
  for (let rank = 1; rank < sorted.length / 2; rank++) {
    tail += probabilities[rank] ?? 0;
    const coverage = 1 - 2 * tail;
    if (coverage < wishedCoverage) break;
    best = { low: sorted[rank] ?? low, high: sorted[sorted.length - 1 - rank] ?? high, coverage };
  }
  return best;
}
