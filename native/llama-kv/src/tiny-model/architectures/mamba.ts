import { EMBEDDING_SIZE } from "../dimensions.ts";
import { uint32 } from "../gguf-value.ts";
import { randomScales } from "../random-tensors.ts";
import type { MakeArchitecture } from "./architecture.ts";
import { commonMetadata, EVERY_LAYER, tokenTensors } from "./shared-tensors.ts";
import { STATE_METADATA, stateTensors } from "./state-space.ts";

/** A recurrent state in every layer: src/models/mamba.cpp of llama.cpp v0.5.0. */
export const makeMamba: MakeArchitecture = (random, trainedContextTokens) => ({
  name: "mamba",
  metadata: {
    ...commonMetadata(trainedContextTokens),
    ...STATE_METADATA,
    feed_forward_length: uint32(0),
    "attention.head_count": uint32(0),
  },
  tensors: [
    ...tokenTensors(random),
    ...EVERY_LAYER.flatMap((layer) => [
      randomScales(random, `blk.${layer}.attn_norm.weight`, EMBEDDING_SIZE),
      ...stateTensors(random, layer),
    ]),
  ],
});
