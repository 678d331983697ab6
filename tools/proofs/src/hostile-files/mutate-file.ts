import type { SeededRandom } from "@benchreport/llama-kv/tiny-model";
import { type GgufField, type GgufLayout, scanGguf } from "./scan-gguf.ts";

export interface MutatedFile {
  readonly bytes: Uint8Array;
  /** What was done, one line for each mutation. */
  readonly mutations: readonly string[];
}

/** Damages a GGUF file in one to three ways, mostly in its header. */
export function mutateFile(file: Uint8Array, random: SeededRandom): MutatedFile {
  const layout = scanGguf(file);
  const mutations: string[] = [];
  let bytes: Uint8Array = file.slice();
  // In most files one fault, so that it is not hidden behind another that is found first.
  const count = random.uniform() < 0.7 ? 1 : 2 + below(random, 2);
  for (let i = 0; i < count; i += 1) {
    const mutate = choose(random, MUTATIONS);
    const result = mutate(bytes, layout, random);
    bytes = result.bytes;
    mutations.push(result.mutation);
  }
  return { bytes, mutations };
}

interface Mutated {
  readonly bytes: Uint8Array;
  readonly mutation: string;
}

type Mutate = (bytes: Uint8Array, layout: GgufLayout, random: SeededRandom) => Mutated;

const flipBits: Mutate = (bytes, layout, random) => {
  const offsets = Array.from({ length: 1 + below(random, 8) }, () => headerOffset(bytes, layout, random));
  for (const offset of offsets) bytes[offset] = (bytes[offset] ?? 0) ^ (1 << below(random, 8));
  return { bytes, mutation: `bits flipped at ${offsets.join(", ")}` };
};

const replaceBytes: Mutate = (bytes, layout, random) => {
  const start = headerOffset(bytes, layout, random);
  const length = 1 + below(random, 16);
  for (let i = start; i < Math.min(start + length, bytes.length); i += 1) bytes[i] = below(random, 256);
  return { bytes, mutation: `${length} random bytes at ${start}` };
};

const damageWeights: Mutate = (bytes, layout, random) => {
  const start = Math.min(bytes.length, layout.headerBytes + below(random, bytes.length));
  const length = 1 + below(random, 4096);
  const value = choose(random, [0xff, 0x7f, 0x00, below(random, 256)]);
  bytes.fill(value, start, start + length);
  return { bytes, mutation: `weights at ${start} filled with ${length} times ${value}` };
};

const replaceField: Mutate = (bytes, layout, random) => {
  const field = chooseField(bytes, layout.fields, random);
  if (field === undefined) return flipBits(bytes, layout, random);
  const before = readField(bytes, field);
  const value = choose(random, [...EXTREMES, before - 1n, before + 1n, before * 2n, BigInt(below(random, 2 ** 31))]);
  writeField(bytes, field, value);
  return { bytes, mutation: `${field.meaning} at ${field.offset} from ${before} to ${readField(bytes, field)}` };
};

const changeType: Mutate = (bytes, layout, random) => {
  const types = layout.fields.filter(({ meaning }) => meaning === "type");
  const field = chooseField(bytes, types, random);
  if (field === undefined) return flipBits(bytes, layout, random);
  const before = readField(bytes, field);
  // Types of values end at 12, those of tensors at 40.
  writeField(bytes, field, BigInt(below(random, random.uniform() < 0.7 ? 13 : 45)));
  return { bytes, mutation: `type at ${field.offset} from ${before} to ${readField(bytes, field)}` };
};

const swapFields: Mutate = (bytes, layout, random) => {
  const meaning = choose(random, ["length", "count", "size", "offset", "number"] as const);
  const alike = layout.fields.filter((field) => field.meaning === meaning && field.bytes >= 4);
  const [first, second] = [chooseField(bytes, alike, random), chooseField(bytes, alike, random)];
  if (first === undefined || second === undefined) return flipBits(bytes, layout, random);
  const [firstValue, secondValue] = [readField(bytes, first), readField(bytes, second)];
  writeField(bytes, first, secondValue);
  writeField(bytes, second, firstValue);
  return { bytes, mutation: `${meaning} at ${first.offset} and ${second.offset} swapped` };
};

const truncate: Mutate = (bytes, layout, random) => {
  const length = random.uniform() < 0.5 ? headerOffset(bytes, layout, random) : below(random, bytes.length);
  return { bytes: bytes.slice(0, length), mutation: `cut off at ${length}` };
};

const repeatChunk: Mutate = (bytes, layout, random) => {
  const from = headerOffset(bytes, layout, random);
  const chunk = bytes.slice(from, from + chunkBytes(random));
  const at = headerOffset(bytes, layout, random);
  return { bytes: insert(bytes, at, chunk), mutation: `${chunk.length} bytes from ${from} repeated at ${at}` };
};

const insertChunk: Mutate = (bytes, layout, random) => {
  const chunk = Uint8Array.from({ length: chunkBytes(random) }, () => below(random, 256));
  const at = headerOffset(bytes, layout, random);
  return { bytes: insert(bytes, at, chunk), mutation: `${chunk.length} random bytes inserted at ${at}` };
};

const removeChunk: Mutate = (bytes, layout, random) => {
  const at = headerOffset(bytes, layout, random);
  const length = chunkBytes(random);
  return {
    bytes: concatenate(bytes.slice(0, at), bytes.slice(at + length)),
    mutation: `${length} bytes removed at ${at}`,
  };
};

const MUTATIONS: readonly Mutate[] = [
  flipBits,
  replaceBytes,
  damageWeights,
  replaceField,
  replaceField,
  replaceField,
  changeType,
  swapFields,
  truncate,
  repeatChunk,
  insertChunk,
  removeChunk,
];

/** Borders of the types of integers, and what is near them. */
const EXTREMES: readonly bigint[] = [
  0n,
  1n,
  2n ** 7n,
  2n ** 15n,
  2n ** 16n - 1n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 62n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 32n,
  2n ** 64n - 1n,
];

function headerOffset(bytes: Uint8Array, { headerBytes }: GgufLayout, random: SeededRandom): number {
  return below(random, Math.max(1, Math.min(headerBytes, bytes.length)));
}

function chunkBytes(random: SeededRandom): number {
  return 1 + below(random, choose(random, [8, 64, 1024]));
}

function insert(bytes: Uint8Array, at: number, chunk: Uint8Array): Uint8Array {
  return concatenate(bytes.slice(0, at), chunk, bytes.slice(at));
}

function concatenate(...chunks: readonly Uint8Array[]): Uint8Array {
  // Not as a Buffer: its `slice` shares memory.
  return new Uint8Array(Buffer.concat(chunks));
}

/** The vocabulary has a thousand lengths: kinds of fields first, then one of that kind. */
function chooseField(bytes: Uint8Array, fields: readonly GgufField[], random: SeededRandom): GgufField | undefined {
  const inside = fields.filter(({ offset, bytes: size }) => offset + size <= bytes.length);
  const meanings = [...new Set(inside.map(({ meaning }) => meaning))];
  if (meanings.length === 0) return undefined;
  const meaning = choose(random, meanings);
  return choose(
    random,
    inside.filter((field) => field.meaning === meaning),
  );
}

function readField(bytes: Uint8Array, { offset, bytes: size }: GgufField): bigint {
  return bytes.slice(offset, offset + size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function writeField(bytes: Uint8Array, { offset, bytes: size }: GgufField, value: bigint): void {
  for (let i = 0; i < size; i += 1) bytes[offset + i] = Number((BigInt.asUintN(64, value) >> BigInt(8 * i)) & 0xffn);
}

function below(random: SeededRandom, limit: number): number {
  return Math.floor(random.uniform() * limit);
}

function choose<T>(random: SeededRandom, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new RangeError("There is nothing to choose from.");
  return value;
}
