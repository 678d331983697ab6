import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Choices that are the same for the same seed. */
export interface SeededRandom {
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[];
}

export function seededRandom(seed: number): SeededRandom {
  const generator = xoroshiro128plus(seed | 0);
  const below = (count: number): number => uniformInt(generator, 0, count - 1);
  return {
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError("pick: there is nothing to choose from");
      return item;
    },
    shuffle(items) {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = below(last + 1);
        const moved = shuffled.splice(other, 1);
        shuffled.splice(last, 0, ...moved);
      }
      return shuffled;
    },
  };
}
