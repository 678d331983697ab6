/**
 * Turns a count of bytes into a fraction of `total`, passed on only when a further whole percent is done: a large file
 * comes in thousands of pieces, a
 * display needs a hundred.
 */
export function inPercents(total: number, onFraction: (fraction: number) => void): (bytes: number) => void {
  let reported = -1;
  return (bytes) => {
    const fraction = total <= 0 ? 1 : Math.min(1, bytes / total);
    const percent = Math.floor(fraction * 100);
    if (percent <= reported) return;
    reported = percent;
    onFraction(fraction);
  };
}
