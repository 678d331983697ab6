import { EMBEDDING_SIZE, FEED_FORWARD_SIZE, HEADS, VOCABULARY_TOKENS } from "../dimensions.ts";
import type { GgufTensor } from "../gguf-tensor.ts";
import { float32, uint32 } from "../gguf-value.ts";
import { randomMatrix, randomScales, randomVector } from "../random-tensors.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { MakeArchitecture } from "./architecture.ts";
import { commonMetadata, EVERY_LAYER } from "./shared-tensors.ts";

/** An embedding model, which generates nothing and remembers nothing: src/models/bert.cpp of llama.cpp v0.5.0. */
export const makeBert: MakeArchitecture = (random, trainedContextTokens) => ({
  name: "bert",
  metadata: {
    ...commonMetadata(trainedContextTokens),
    "attention.head_count": uint32(HEADS),
    "attention.layer_norm_epsilon": float32(1e-5),
    "attention.causal": false,
    pooling_type: uint32(POOLING_MEAN),
  },
  tensors: [
    randomMatrix(random, "token_embd.weight", EMBEDDING_SIZE, VOCABULARY_TOKENS),
    randomMatrix(random, "position_embd.weight", EMBEDDING_SIZE, trainedContextTokens),
    ...normalisation(random, "token_embd_norm"),
    ...EVERY_LAYER.flatMap((layer) => [
      ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name) =>
        randomMatrix(random, `blk.${layer}.${name}.weight`, EMBEDDING_SIZE, EMBEDDING_SIZE),
      ),
      ...normalisation(random, `blk.${layer}.attn_output_norm`),
      randomMatrix(random, `blk.${layer}.ffn_up.weight`, EMBEDDING_SIZE, FEED_FORWARD_SIZE),
      randomMatrix(random, `blk.${layer}.ffn_down.weight`, FEED_FORWARD_SIZE, EMBEDDING_SIZE),
      ...normalisation(random, `blk.${layer}.layer_output_norm`),
    ]),
  ],
});

const POOLING_MEAN = 1;

function normalisation(random: SeededRandom, name: string): GgufTensor[] {
  return [
    randomScales(random, `${name}.weight`, EMBEDDING_SIZE),
    randomVector(random, `${name}.bias`, EMBEDDING_SIZE, 0.1),
  ];
}
