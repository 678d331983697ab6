import type { ModelFacts } from "@benchreport/llama-kv";
import type { LlamaSettings } from "./llama-settings.ts";

/**
 * What a session may keep of its cells. `exact`: only what a cold turn would have computed in the same shapes. `longest`:
 * everything in common, which is more after an edit and may differ in the last bits. `none`: nothing.
 */
export type ReusePolicy = LlamaSettings["reuse"] | "none";

/** A window or a state that was updated in place cannot be taken back, so only full attention is reused. */
export function chooseReusePolicy(wished: LlamaSettings["reuse"], memory: ModelFacts["memory"]): ReusePolicy {
  return memory === "full" ? wished : "none";
}
