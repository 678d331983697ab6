/** Mixes two 32-bit words into one, so that each bit of either changes about half of the result. */
export function mix(left: number, right: number): number {
  let word = Math.imul(left ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(right + 0x7f4a7c15, 0xc2b2ae35);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  word = Math.imul(word ^ (word >>> 12), 0x297a2d39);
  return (word ^ (word >>> 15)) >>> 0;
}

/** A 32-bit word as a number from 0 (included) to 1 (excluded). */
export function toUnit(word: number): number {
  return word / 2 ** 32;
}
