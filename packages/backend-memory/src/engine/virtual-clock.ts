import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const nanosecondsPerMillisecond = 1e6;
/** However noisy, work never takes less than this share of its cost. */
const shortestShare = 0.05;

/** Time that passes only when work is charged, so that a run takes no time and its numbers are exact. */
export class VirtualClock {
  readonly #random: ReturnType<typeof xoroshiro128plus>;
  readonly #noise: number;
  #now = 0n;

  /** `noise`: standard deviation of a charge, as a share of it; 0 for none. */
  constructor(noise: number, noiseSeed: number) {
    this.#noise = noise;
    this.#random = xoroshiro128plus(noiseSeed);
  }

  /** Nanoseconds since the engine was loaded. */
  now(): bigint {
    return this.#now;
  }

  /** What work of this cost takes this time, in nanoseconds. */
  measure(milliseconds: number): bigint {
    const share = this.#noise === 0 ? 1 : Math.max(shortestShare, 1 + this.#noise * this.#gaussian());
    return BigInt(Math.round(milliseconds * share * nanosecondsPerMillisecond));
  }

  /** Lets the time of some work pass. */
  charge(milliseconds: number): void {
    this.#now += this.measure(milliseconds);
  }

  /** Moves on to a moment, unless it has passed. */
  advanceTo(moment: bigint): void {
    if (moment > this.#now) this.#now = moment;
  }

  /** Box and Muller's transform: a standard normal number from two uniform ones. */
  #gaussian(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(this.#random)));
    return radius * Math.cos(2 * Math.PI * uniformFloat64(this.#random));
  }
}
