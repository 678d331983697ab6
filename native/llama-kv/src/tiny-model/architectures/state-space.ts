import { EMBEDDING_SIZE } from "../dimensions.ts";
import type { GgufTensor } from "../gguf-tensor.ts";
import { type GgufValue, uint32 } from "../gguf-value.ts";
import { randomMatrix, randomVector } from "../random-tensors.ts";
import type { SeededRandom } from "../seeded-random.ts";

/** The engine takes no other factor (src/models/mamba.cpp of llama.cpp v0.5.0). */
const INNER_SIZE = 2 * EMBEDDING_SIZE;
const CONVOLUTION_TOKENS = 4;
export const STATE_SIZE = 16;
export const TIME_STEP_RANK = 4;

/** Sizes of a recurrent state. */
export const STATE_METADATA: Readonly<Record<string, GgufValue>> = {
  "ssm.conv_kernel": uint32(CONVOLUTION_TOKENS),
  "ssm.inner_size": uint32(INNER_SIZE),
  "ssm.state_size": uint32(STATE_SIZE),
  "ssm.time_step_rank": uint32(TIME_STEP_RANK),
};

/** A recurrent layer without its normalisations: a state that is updated with every token. */
export function stateTensors(random: SeededRandom, layer: number): GgufTensor[] {
  return [
    randomMatrix(random, `blk.${layer}.ssm_in.weight`, EMBEDDING_SIZE, 2 * INNER_SIZE),
    randomMatrix(random, `blk.${layer}.ssm_conv1d.weight`, CONVOLUTION_TOKENS, INNER_SIZE),
    randomVector(random, `blk.${layer}.ssm_conv1d.bias`, INNER_SIZE, 0.1),
    randomMatrix(random, `blk.${layer}.ssm_x.weight`, INNER_SIZE, TIME_STEP_RANK + 2 * STATE_SIZE, STATE_GAIN),
    randomMatrix(random, `blk.${layer}.ssm_dt.weight`, TIME_STEP_RANK, INNER_SIZE),
    timeSteps(random, `blk.${layer}.ssm_dt.bias`),
    decayRates(`blk.${layer}.ssm_a`),
    randomVector(random, `blk.${layer}.ssm_d`, INNER_SIZE, 1),
    randomMatrix(random, `blk.${layer}.ssm_out.weight`, INNER_SIZE, EMBEDDING_SIZE, STATE_GAIN),
  ];
}

/** The past has to be heard through two gates. */
const STATE_GAIN = 4;

/** Around -3, a step of 0.05 after its softplus: the state remembers about twenty tokens, and some for longer. */
function timeSteps(random: SeededRandom, name: string): GgufTensor {
  return { name, shape: [INNER_SIZE], values: Float32Array.from({ length: INNER_SIZE }, () => random.normal() - 3) };
}

/** From -1 down, as trained models start out. */
function decayRates(name: string): GgufTensor {
  const values = Float32Array.from({ length: STATE_SIZE * INNER_SIZE }, (_, i) => -1 - (i % STATE_SIZE));
  return { name, shape: [STATE_SIZE, INNER_SIZE], values };
}
