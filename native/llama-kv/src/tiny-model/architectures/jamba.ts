import { EMBEDDING_SIZE, HEADS, KV_HEADS } from "../dimensions.ts";
import type { GgufTensor } from "../gguf-tensor.ts";
import { uint32 } from "../gguf-value.ts";
import { randomScales } from "../random-tensors.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { MakeArchitecture } from "./architecture.ts";
import { attentionTensors, commonMetadata, EVERY_LAYER, feedForwardTensors, tokenTensors } from "./shared-tensors.ts";
import { STATE_METADATA, STATE_SIZE, stateTensors, TIME_STEP_RANK } from "./state-space.ts";

/** A recurrent state in the first layer, attention in the second: src/models/jamba.cpp of llama.cpp v0.5.0. */
export const makeJamba: MakeArchitecture = (random, trainedContextTokens) => ({
  name: "jamba",
  metadata: {
    ...commonMetadata(trainedContextTokens),
    ...STATE_METADATA,
    "attention.head_count": uint32(HEADS),
    "attention.head_count_kv": {
      type: "uint32",
      values: EVERY_LAYER.map((layer) => (isRecurrent(layer) ? 0 : KV_HEADS)),
    },
  },
  tensors: [
    ...tokenTensors(random),
    ...EVERY_LAYER.flatMap((layer) => [
      randomScales(random, `blk.${layer}.attn_norm.weight`, EMBEDDING_SIZE),
      ...(isRecurrent(layer) ? normalisedStateTensors(random, layer) : attentionTensors(random, layer)),
      randomScales(random, `blk.${layer}.ffn_norm.weight`, EMBEDDING_SIZE),
      ...feedForwardTensors(random, layer),
    ]),
  ],
});

function isRecurrent(layer: number): boolean {
  return layer === 0;
}

function normalisedStateTensors(random: SeededRandom, layer: number): GgufTensor[] {
  return [
    ...stateTensors(random, layer),
    randomScales(random, `blk.${layer}.ssm_dt_norm.weight`, TIME_STEP_RANK),
    randomScales(random, `blk.${layer}.ssm_b_norm.weight`, STATE_SIZE),
    randomScales(random, `blk.${layer}.ssm_c_norm.weight`, STATE_SIZE),
  ];
}
