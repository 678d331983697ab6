import { mix } from "./hash.ts";

/**
 * The engine's KV cache: one cell per evaluated token, each a hash of the cell before it and of its token.
 * Answers are computed from the cells alone, so that a cell left over from another text changes them, as it would in a
 * transformer.
 */
export class KvCache {
  #cells: Uint32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#cells = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Evaluates one token behind the last cell. */
  append(token: number): void {
    const before = this.#length === 0 ? 0 : (this.#cells[this.#length - 1] ?? 0);
    this.#cells[this.#length] = mix(before, token);
    this.#length++;
  }

  /** Forgets all cells behind the first `length`. */
  trim(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** What attention over all cells comes to: every cell and its place count. */
  attend(): number {
    let state = this.#length;
    for (let index = 0; index < this.#length; index++) state ^= mix(this.#cells[index] ?? 0, index);
    return state >>> 0;
  }

  /** The cells as bytes, little endian. */
  save(): Uint8Array {
    const view = new DataView(new ArrayBuffer(this.#length * 4));
    for (let index = 0; index < this.#length; index++) view.setUint32(index * 4, this.#cells[index] ?? 0, true);
    return new Uint8Array(view.buffer);
  }

  load(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#length = bytes.byteLength / 4;
    for (let index = 0; index < this.#length; index++) this.#cells[index] = view.getUint32(index * 4, true);
  }
}
