export { createTinyModel } from "./create-tiny-model.ts";
export type { GgufTensor } from "./gguf-tensor.ts";
export {
  float32,
  type GgufNumber,
  type GgufNumbers,
  type GgufNumberType,
  type GgufValue,
  uint32,
} from "./gguf-value.ts";
export { createRandom, type SeededRandom } from "./seeded-random.ts";
export type { TinyModelOptions } from "./tiny-model-options.ts";
export { writeGguf } from "./write-gguf.ts";
