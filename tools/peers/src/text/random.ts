import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Choices that are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const below = (count: number): number => uniformInt(generator, 0, count - 1);
  return {
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError("pick: there is nothing to choose from");
      return item;
    },
  };
}
