/** Number of leading elements that two sequences share: the index of the first different one. */
export function commonPrefixLength(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    if (left[index] !== right[index]) return index;
  }
  return shorter;
}
