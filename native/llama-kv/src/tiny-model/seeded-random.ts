/** Random numbers that are the same for a seed on every machine: integer arithmetic and square roots only. */
export interface SeededRandom {
  /** From 0 to below 1. */
  uniform(): number;
  /** Mean 0, standard deviation 1: close enough to a normal distribution for weights. */
  normal(): number;
}

/** Starts a sequence of random numbers (mulberry32). */
export function createRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    // The sum of four uniform numbers has a mean of 2 and a variance of a third.
    normal: () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3),
  };
}
