import { BenchreportError } from "@benchreport/contract";

export function sessionBroken(): BenchreportError {
  return new BenchreportError("SESSION_BROKEN", {
    what: "The session has no usable state any more.",
    why: "The engine failed inside an evaluation.",
    fix: "Close it and open a new one.",
  });
}

export function snapshotUnsupported(): BenchreportError {
  return new BenchreportError("UNSUPPORTED_FEATURE", {
    what: "Snapshots of this model are not supported.",
    why: "llama.cpp saves a sliding window or a recurrent state without what a later turn would go back to.",
    fix: "See capabilities.snapshot before calling, or use a model with full attention.",
    meta: { feature: "snapshot" },
  });
}
