import { backend } from "@benchreport/backend-llama";
import type { Backend } from "@benchreport/contract";
import type { ResolvedModel } from "@benchreport/models";

/** What both sides of a comparison are set to. */
export interface EngineSettings {
  readonly threads: number;
  readonly ubatchTokens: number;
  readonly flashAttention: "on" | "off";
  readonly kvCacheTypeK: string;
  readonly kvCacheTypeV: string;
  /** Default `exact`. */
  readonly reuse?: "exact" | "longest" | undefined;
}

/** The adapter as any user opens it. */
export function openEngine(model: ResolvedModel, settings: Partial<EngineSettings>): Promise<Backend> {
  return backend.createBackend({ model, settings });
}

/** The engine's own settings of a machine: how many threads it chooses. */
export async function readDefaultThreads(model: ResolvedModel): Promise<number> {
  await using engine = await openEngine(model, {});
  return Number(engine.describe().settings["threads"]);
}

/** One line that tells settings apart. */
export function describeSettings(settings: EngineSettings): string {
  const { ubatchTokens, flashAttention, kvCacheTypeK, kvCacheTypeV, reuse } = settings;
  const cache = kvCacheTypeK === kvCacheTypeV ? kvCacheTypeK : `${kvCacheTypeK}/${kvCacheTypeV}`;
  const policy = reuse === "longest" ? ", reuse longest" : "";
  return `ubatch ${ubatchTokens}, flash attention ${flashAttention}, KV ${cache}${policy}`;
}
