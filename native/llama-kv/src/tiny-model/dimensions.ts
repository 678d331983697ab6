// Sizes that all tiny models share. Heads of 32 numbers, so that every quantised type of KV cache fits.

export const VOCABULARY_TOKENS = 512;
export const LAYERS = 2;
export const EMBEDDING_SIZE = 64;
export const HEADS = 2;
/** Fewer than heads: grouped attention. */
export const KV_HEADS = 1;
export const HEAD_SIZE: number = EMBEDDING_SIZE / HEADS;
export const FEED_FORWARD_SIZE = 128;
export const SLIDING_WINDOW_TOKENS = 32;
