import { z } from "zod";

/** A measured number, or null when it was not measured; never 0 for unknown. */
export const measured = z.number().nullable();
/** A count of tokens, bytes or turns, or null when it is unknown. */
export const counted = z.number().int().nonnegative().nullable();
/** A claim about the run: null when it was not proved either way. */
export const proved = z.boolean().nullable();
/** A value in evidence and settings: plain JSON without nesting, but for lists. */
export const plain = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.number()])),
]);
