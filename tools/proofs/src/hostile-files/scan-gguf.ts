/** A number in the header of a GGUF file that says how the rest is to be read. */
export interface GgufField {
  readonly meaning: "version" | "count" | "length" | "type" | "number" | "size" | "offset";
  readonly offset: number;
  readonly bytes: 1 | 2 | 4 | 8;
}

/** Where the header of an undamaged GGUF file ends, and its fields. */
export interface GgufLayout {
  readonly headerBytes: number;
  readonly fields: readonly GgufField[];
}

/** Finds the fields of a file that the tiny model's writer made. */
export function scanGguf(file: Uint8Array): GgufLayout {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const fields: GgufField[] = [];
  let position = MAGIC_BYTES;

  function read(meaning: GgufField["meaning"], bytes: GgufField["bytes"]): number {
    fields.push({ meaning, offset: position, bytes });
    const value =
      bytes === 8 ? Number(view.getBigUint64(position, true)) : bytes === 4 ? view.getUint32(position, true) : 0;
    position += bytes;
    return value;
  }

  function readText(): void {
    const length = read("length", 8);
    position += length;
  }

  function readValue(type: number): void {
    if (type === TYPE_STRING) readText();
    else if (type === TYPE_ARRAY) readArray();
    else read("number", NUMBER_BYTES[type] ?? 1);
  }

  function readArray(): void {
    const type = read("type", 4);
    const count = read("count", 8);
    for (let i = 0; i < count; i += 1) readValue(type);
  }

  read("version", 4);
  const tensors = read("count", 8);
  const entries = read("count", 8);
  for (let i = 0; i < entries; i += 1) {
    readText();
    readValue(read("type", 4));
  }
  for (let i = 0; i < tensors; i += 1) {
    readText();
    const dimensions = read("count", 4);
    for (let j = 0; j < dimensions; j += 1) read("size", 8);
    read("type", 4);
    read("offset", 8);
  }
  return { headerBytes: position, fields };
}

const MAGIC_BYTES = 4;
const TYPE_STRING = 8;
const TYPE_ARRAY = 9;
/** Bytes of a number, by the format's number for its type. */
const NUMBER_BYTES: Readonly<Record<number, GgufField["bytes"]>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
