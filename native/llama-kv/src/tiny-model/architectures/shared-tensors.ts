import {
  EMBEDDING_SIZE,
  FEED_FORWARD_SIZE,
  HEAD_SIZE,
  HEADS,
  KV_HEADS,
  LAYERS,
  VOCABULARY_TOKENS,
} from "../dimensions.ts";
import type { GgufTensor } from "../gguf-tensor.ts";
import { float32, type GgufValue, uint32 } from "../gguf-value.ts";
import { randomMatrix, randomScales } from "../random-tensors.ts";
import type { SeededRandom } from "../seeded-random.ts";
import { CONTROL_TOKENS } from "../vocabulary.ts";

/** Sizes that every architecture names. */
export function commonMetadata(trainedContextTokens: number): Record<string, GgufValue> {
  return {
    context_length: uint32(trainedContextTokens),
    embedding_length: uint32(EMBEDDING_SIZE),
    block_count: uint32(LAYERS),
    feed_forward_length: uint32(FEED_FORWARD_SIZE),
    "attention.layer_norm_rms_epsilon": float32(1e-5),
  };
}

/** Token embeddings and the output matrix: from tokens, and back to a logit for each. */
export function tokenTensors(random: SeededRandom, embeddingGain = 1): GgufTensor[] {
  // Rows of the embedding matrix are not summed over: each of its numbers has the size itself.
  const embeddings = randomMatrix(
    random,
    "token_embd.weight",
    EMBEDDING_SIZE,
    VOCABULARY_TOKENS,
    embeddingGain * Math.sqrt(EMBEDDING_SIZE),
  );
  const output = randomMatrix(random, "output.weight", EMBEDDING_SIZE, VOCABULARY_TOKENS, LOGIT_GAIN);
  // Their logits are 0, always below the best: a greedy answer never ends by itself and says nothing special.
  output.values.fill(0, 0, CONTROL_TOKENS.length * EMBEDDING_SIZE);
  return [embeddings, randomScales(random, "output_norm.weight", EMBEDDING_SIZE), output];
}

/** Attention over the past, without its normalisation. */
export function attentionTensors(random: SeededRandom, layer: number): GgufTensor[] {
  return [
    randomMatrix(random, `blk.${layer}.attn_q.weight`, EMBEDDING_SIZE, HEADS * HEAD_SIZE, ATTENTION_GAIN),
    randomMatrix(random, `blk.${layer}.attn_k.weight`, EMBEDDING_SIZE, KV_HEADS * HEAD_SIZE, ATTENTION_GAIN),
    randomMatrix(random, `blk.${layer}.attn_v.weight`, EMBEDDING_SIZE, KV_HEADS * HEAD_SIZE),
    randomMatrix(random, `blk.${layer}.attn_output.weight`, HEADS * HEAD_SIZE, EMBEDDING_SIZE, PAST_GAIN),
  ];
}

/** A gated feed-forward network, without its normalisation. */
export function feedForwardTensors(random: SeededRandom, layer: number): GgufTensor[] {
  return [
    randomMatrix(random, `blk.${layer}.ffn_gate.weight`, EMBEDDING_SIZE, FEED_FORWARD_SIZE),
    randomMatrix(random, `blk.${layer}.ffn_up.weight`, EMBEDDING_SIZE, FEED_FORWARD_SIZE),
    randomMatrix(random, `blk.${layer}.ffn_down.weight`, FEED_FORWARD_SIZE, EMBEDDING_SIZE),
  ];
}

/** Indices of all layers. */
export const EVERY_LAYER: readonly number[] = Array.from({ length: LAYERS }, (_, layer) => layer);

/** Logits are spread: the best of them leads clearly. */
const LOGIT_GAIN = 3;
/** Each token attends to few others, so that many of them do not average out to nothing. */
const ATTENTION_GAIN = 2;
/** The past counts for more than the token itself: answers depend on the whole input. */
const PAST_GAIN = 2;
