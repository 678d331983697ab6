import type { SeededRandom } from "../../../src/tiny-model/index.ts";

/** Random arguments: those that a call takes, and those that no call should be hurt by. */
export interface Values {
  chance(probability: number): boolean;
  /** From 0 to below the limit. */
  below(limit: number): number;
  choose<T>(values: readonly T[]): T;
  tokens(limit: number): Int32Array;
  text(): string;
  /** Anything at all. */
  anything(): unknown;
  /** An options object with some of its values replaced, or read by a getter that throws or does something else. */
  damage(options: Readonly<Record<string, unknown>>, sideEffect: () => void): unknown;
}

export function createValues(random: SeededRandom): Values {
  const chance = (probability: number): boolean => random.uniform() < probability;
  const below = (limit: number): number => Math.floor(random.uniform() * limit);
  function choose<T>(values: readonly T[]): T {
    return values[below(values.length)] as T;
  }
  const tokens = (limit: number): Int32Array =>
    Int32Array.from({ length: below(limit) }, () => below(VOCABULARY_TOKENS));
  const anything = (): unknown => choose(ODDITIES)();

  function damage(options: Readonly<Record<string, unknown>>, sideEffect: () => void): unknown {
    if (chance(0.7)) return options;
    if (chance(0.1)) return anything();
    const key = choose(Object.keys(options));
    if (chance(0.6)) return { ...options, [key]: anything() };
    return Object.defineProperty({ ...options }, key, {
      get: () => {
        sideEffect();
        if (chance(0.5)) throw new RangeError("a getter's own error");
        return options[key];
      },
    });
  }

  return { chance, below, choose, tokens, text: () => choose(TEXTS), anything, damage };
}

const VOCABULARY_TOKENS = 512;

const TEXTS: readonly string[] = [
  "",
  "The harbour was quiet that morning.",
  "Crab 🦀, umlaut ü, NUL \0, <|im_start|>",
  "word ".repeat(500),
  "\ud800 alone",
];

const ODDITIES: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => -1,
  () => 0,
  () => 1.5,
  () => 2 ** 31,
  () => 2 ** 53,
  () => -(2 ** 63),
  () => Number.POSITIVE_INFINITY,
  () => 10n ** 30n,
  () => "",
  () => "position",
  () => true,
  () => Symbol("odd"),
  () => ({}),
  () => [1, 2, 3],
  () => () => undefined,
  () => new Proxy({}, { get: () => 1 }),
  () => new Int32Array(0),
  () => Int32Array.of(-1, 2 ** 31 - 1),
  () => new Int32Array(5000).fill(9),
  () => new Uint8Array(100),
  () => new Float64Array(512),
  () => new Float32Array(512).fill(Number.NEGATIVE_INFINITY),
  () => new Float32Array(512).fill(Number.NaN),
  () => new DataView(new ArrayBuffer(8)),
  () => new Int32Array(new SharedArrayBuffer(64)),
  () => new Uint8Array(new SharedArrayBuffer(4096)),
  detachedTokens,
  shrunkTokens,
  () => new Date(),
  () => Promise.resolve(1),
];

function detachedTokens(): Int32Array {
  const tokens = Int32Array.of(1, 2, 3);
  structuredClone(tokens.buffer, { transfer: [tokens.buffer] });
  return tokens;
}

/** A view that lies outside of its buffer since that was resized; where buffers can be (newer than our types). */
function shrunkTokens(): Int32Array {
  const buffer: ArrayBuffer = Reflect.construct(ArrayBuffer, [4096, { maxByteLength: 8192 }]);
  const tokens = new Int32Array(buffer, 1024, 512);
  if ("resize" in buffer && typeof buffer.resize === "function") buffer.resize(1100);
  return tokens;
}
