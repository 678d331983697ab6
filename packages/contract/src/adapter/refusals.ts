import { BenchreportError } from "../errors.ts";

export interface ContextDemand {
  readonly stage: "prefix" | "suffix" | "restore";
  readonly residentTokens: number;
  readonly additionalTokens: number;
  readonly contextTokens: number;
}

/**
 * Refuses what cannot fit, before anything is touched.
 *
 * @throws `CONTEXT_OVERFLOW` with the demand as `meta`. Exactly full is accepted.
 */
export function assertFits(demand: ContextDemand): void {
  const { stage, residentTokens, additionalTokens, contextTokens } = demand;
  if (residentTokens + additionalTokens <= contextTokens) return;
  throw new BenchreportError("CONTEXT_OVERFLOW", {
    what: `The ${stage} does not fit: ${residentTokens} resident and ${additionalTokens} more tokens in a context of ${contextTokens}.`,
    why: "Nothing was evaluated or dropped; the session is as it was.",
    fix: "Shorten the text, or open a session with more contextTokens.",
    meta: { stage, residentTokens, additionalTokens, contextTokens },
  });
}

export function emptyPrompt(): BenchreportError {
  return new BenchreportError("EMPTY_PROMPT", {
    what: "There is nothing to continue: no token is resident.",
    why: "decode starts from the last resident token.",
    fix: "Call ensurePrefix or prefillSuffix with some text first.",
  });
}

export function prefixIncomplete(): BenchreportError {
  return new BenchreportError("PREFIX_INCOMPLETE", {
    what: "The prefix is not complete.",
    why: "The last ensurePrefix was aborted or failed before it had evaluated everything.",
    fix: "Call ensurePrefix again; it goes on from what was kept.",
  });
}

export function snapshotIncompatible(field: string): BenchreportError {
  return new BenchreportError("SNAPSHOT_INCOMPATIBLE", {
    what: `The snapshot belongs to another configuration: ${field} differs.`,
    why: "A KV cache means something only to the model, engine and settings that made it.",
    fix: "Restore it into a session of the same model, engine version and settings, or prefill again.",
    meta: { field },
  });
}
