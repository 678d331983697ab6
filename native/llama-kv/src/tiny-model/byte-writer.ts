import type { GgufNumberType } from "./gguf-value.ts";

/** Collects little-endian bytes. */
export class ByteWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Keeps the bytes without copying them. */
  bytes(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  number(type: GgufNumberType, value: number): void {
    const bytes = new Uint8Array(NUMBER_BYTES[type]);
    SETTERS[type](new DataView(bytes.buffer), value);
    this.bytes(bytes);
  }

  /** A text behind its length. */
  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.number("uint64", bytes.length);
    this.bytes(bytes);
  }

  /** Zeros up to a multiple of `alignment`. */
  align(alignment: number): void {
    this.bytes(new Uint8Array((alignment - (this.#length % alignment)) % alignment));
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }
}

const NUMBER_BYTES: Readonly<Record<GgufNumberType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
};

const SETTERS: Readonly<Record<GgufNumberType, (view: DataView, value: number) => void>> = {
  uint8: (view, value) => view.setUint8(0, value),
  int8: (view, value) => view.setInt8(0, value),
  uint16: (view, value) => view.setUint16(0, value, true),
  int16: (view, value) => view.setInt16(0, value, true),
  uint32: (view, value) => view.setUint32(0, value, true),
  int32: (view, value) => view.setInt32(0, value, true),
  float32: (view, value) => view.setFloat32(0, value, true),
  uint64: (view, value) => view.setBigUint64(0, BigInt(value), true),
  int64: (view, value) => view.setBigInt64(0, BigInt(value), true),
  float64: (view, value) => view.setFloat64(0, value, true),
};
