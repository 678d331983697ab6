import { ByteWriter } from "./byte-writer.ts";
import type { GgufTensor } from "./gguf-tensor.ts";
import type { GgufNumberType, GgufValue } from "./gguf-value.ts";

// The format: docs/gguf.md of ggml, version 3.

/** A GGUF file of metadata, in the order of their keys, and tensors. */
export function writeGguf(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[] = [],
): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(new TextEncoder().encode("GGUF"));
  writer.number("uint32", VERSION);
  writer.number("uint64", tensors.length);
  writer.number("uint64", Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    writer.text(key);
    writeValue(writer, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    writeTensorHeader(writer, tensor, offset);
    offset = align(offset + tensor.values.byteLength);
  }
  for (const { values } of tensors) {
    writer.align(ALIGNMENT);
    writer.bytes(toLittleEndian(values));
  }
  writer.align(ALIGNMENT);
  return writer.finish();
}

const VERSION = 3;
/** The format's default: tensors begin at multiples of this many bytes. */
const ALIGNMENT = 32;
const TENSOR_TYPE_F32 = 0;

const TYPE_BOOL = 7;
const TYPE_STRING = 8;
const TYPE_ARRAY = 9;
const NUMBER_TYPES: Readonly<Record<GgufNumberType, number>> = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  uint64: 10,
  int64: 11,
  float64: 12,
};

function writeTensorHeader(writer: ByteWriter, { name, shape, values }: GgufTensor, offset: number): void {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== values.length) throw new RangeError(`${name} has ${values.length} values for a shape of ${count}.`);
  writer.text(name);
  writer.number("uint32", shape.length);
  for (const size of shape) writer.number("uint64", size);
  writer.number("uint32", TENSOR_TYPE_F32);
  writer.number("uint64", offset);
}

function writeValue(writer: ByteWriter, value: GgufValue): void {
  if (typeof value === "string") {
    writer.number("uint32", TYPE_STRING);
    writer.text(value);
  } else if (typeof value === "boolean") {
    writer.number("uint32", TYPE_BOOL);
    writer.number("uint8", value ? 1 : 0);
  } else if ("value" in value) {
    writer.number("uint32", NUMBER_TYPES[value.type]);
    writer.number(value.type, value.value);
  } else {
    writeArray(writer, value);
  }
}

function writeArray(writer: ByteWriter, array: Extract<GgufValue, readonly unknown[] | { values: unknown }>): void {
  writer.number("uint32", TYPE_ARRAY);
  if ("values" in array && "type" in array) {
    writer.number("uint32", NUMBER_TYPES[array.type]);
    writer.number("uint64", array.values.length);
    for (const value of array.values) writer.number(array.type, value);
    return;
  }
  writer.number("uint32", typeof array[0] === "boolean" ? TYPE_BOOL : TYPE_STRING);
  writer.number("uint64", array.length);
  for (const value of array) {
    if (typeof value === "boolean") writer.number("uint8", value ? 1 : 0);
    else writer.text(value);
  }
}

function toLittleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat32(i * 4, value, true);
  return bytes;
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
