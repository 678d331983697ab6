import { EMBEDDING_SIZE, HEADS, KV_HEADS } from "../dimensions.ts";
import { uint32 } from "../gguf-value.ts";
import { randomScales } from "../random-tensors.ts";
import type { MakeArchitecture } from "./architecture.ts";
import { attentionTensors, commonMetadata, EVERY_LAYER, feedForwardTensors, tokenTensors } from "./shared-tensors.ts";

/** Full attention: src/models/llama.cpp of llama.cpp v0.5.0. */
export const makeLlama: MakeArchitecture = (random, trainedContextTokens) => ({
  name: "llama",
  metadata: {
    ...commonMetadata(trainedContextTokens),
    "attention.head_count": uint32(HEADS),
    "attention.head_count_kv": uint32(KV_HEADS),
  },
  tensors: [
    ...tokenTensors(random),
    ...EVERY_LAYER.flatMap((layer) => [
      randomScales(random, `blk.${layer}.attn_norm.weight`, EMBEDDING_SIZE),
      ...attentionTensors(random, layer),
      randomScales(random, `blk.${layer}.ffn_norm.weight`, EMBEDDING_SIZE),
      ...feedForwardTensors(random, layer),
    ]),
  ],
});
