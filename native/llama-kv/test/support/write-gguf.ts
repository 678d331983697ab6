/** A GGUF file (version 3) of text metadata and no tensors: enough to be refused for one chosen reason. */
export function writeGguf(metadata: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(metadata).flatMap(([key, value]) => [text(key), uint32(TYPE_STRING), text(value)]);
  return Buffer.concat([Buffer.from("GGUF"), uint32(3), uint64(0), uint64(Object.keys(metadata).length), ...entries]);
}

const TYPE_STRING = 8;

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
