import { EMBEDDING_SIZE, HEAD_SIZE, HEADS, KV_HEADS, SLIDING_WINDOW_TOKENS } from "../dimensions.ts";
import { uint32 } from "../gguf-value.ts";
import { randomScales } from "../random-tensors.ts";
import type { MakeArchitecture } from "./architecture.ts";
import { attentionTensors, commonMetadata, EVERY_LAYER, feedForwardTensors, tokenTensors } from "./shared-tensors.ts";

/** A sliding window in the first layer, full attention in the second: src/models/gemma3.cpp of llama.cpp v0.5.0. */
export const makeGemma3: MakeArchitecture = (random, trainedContextTokens) => ({
  name: "gemma3",
  metadata: {
    ...commonMetadata(trainedContextTokens),
    "attention.head_count": uint32(HEADS),
    "attention.head_count_kv": uint32(KV_HEADS),
    "attention.key_length": uint32(HEAD_SIZE),
    "attention.value_length": uint32(HEAD_SIZE),
    "attention.sliding_window": uint32(SLIDING_WINDOW_TOKENS),
    "attention.sliding_window_pattern": EVERY_LAYER.map((layer) => layer === 0),
  },
  tensors: [
    // The architecture multiplies embeddings by the root of their size.
    ...tokenTensors(random, 1 / Math.sqrt(EMBEDDING_SIZE)),
    ...EVERY_LAYER.flatMap((layer) => [
      randomScales(random, `blk.${layer}.attn_norm.weight`, EMBEDDING_SIZE),
      ...attentionTensors(random, layer),
      randomScales(random, `blk.${layer}.attn_q_norm.weight`, HEAD_SIZE),
      randomScales(random, `blk.${layer}.attn_k_norm.weight`, HEAD_SIZE),
      randomScales(random, `blk.${layer}.post_attention_norm.weight`, EMBEDDING_SIZE),
      randomScales(random, `blk.${layer}.ffn_norm.weight`, EMBEDDING_SIZE),
      ...feedForwardTensors(random, layer),
      randomScales(random, `blk.${layer}.post_ffw_norm.weight`, EMBEDDING_SIZE),
    ]),
  ],
});
