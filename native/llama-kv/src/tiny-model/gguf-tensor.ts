/** One tensor of 32-bit floats. */
export interface GgufTensor {
  readonly name: string;
  /** The fastest running dimension first: a matrix that maps `in` to `out` numbers is `[in, out]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
