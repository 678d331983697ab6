/** Types of numbers in a GGUF file. Those of 64 bits hold JavaScript's safe integers only. */
export type GgufNumberType =
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "float32"
  | "uint64"
  | "int64"
  | "float64";

/** A number and the type that it is stored as: readers insist on the type that they expect. */
export interface GgufNumber {
  readonly type: GgufNumberType;
  readonly value: number;
}

/** Numbers of one type. */
export interface GgufNumbers {
  readonly type: GgufNumberType;
  readonly values: readonly number[];
}

/** One metadata value of a GGUF file. */
export type GgufValue = string | boolean | GgufNumber | readonly string[] | readonly boolean[] | GgufNumbers;

/** The type of counts, sizes and token ids. */
export function uint32(value: number): GgufNumber {
  return { type: "uint32", value };
}

/** The type of settings such as epsilons. */
export function float32(value: number): GgufNumber {
  return { type: "float32", value };
}
