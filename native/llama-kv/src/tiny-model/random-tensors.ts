import type { GgufTensor } from "./gguf-tensor.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Weights that turn `inputs` numbers of size 1 into `outputs` numbers of size `gain`. */
export function randomMatrix(
  random: SeededRandom,
  name: string,
  inputs: number,
  outputs: number,
  gain = 1,
): GgufTensor {
  const scale = gain / Math.sqrt(inputs);
  return {
    name,
    shape: [inputs, outputs],
    values: Float32Array.from({ length: inputs * outputs }, () => random.normal() * scale),
  };
}

/** Scales of a normalisation: a little off 1, so that leaving one out changes the answer. */
export function randomScales(random: SeededRandom, name: string, size: number): GgufTensor {
  return { name, shape: [size], values: Float32Array.from({ length: size }, () => 1 + random.normal() * 0.1) };
}

/** Numbers around 0. */
export function randomVector(random: SeededRandom, name: string, size: number, gain: number): GgufTensor {
  return { name, shape: [size], values: Float32Array.from({ length: size }, () => random.normal() * gain) };
}
