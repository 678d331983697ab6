import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { cacheFolder } from "../cache-folder.ts";
import { defaultModel } from "./default-model.ts";
import { findPip } from "./find-pip.ts";

/** Whether the default model is here, or could be fetched. */
export interface DefaultModelDiagnosis {
  readonly title: string;
  readonly path: string;
  readonly cached: boolean;
  /** What would fetch it, for example `python3 -m pip`; `undefined` when it is cached, or nothing would. */
  readonly fetchedBy: string | undefined;
  /** What to do when it is neither cached nor can be fetched. */
  readonly fix: string | undefined;
}

/**
 * Looks for the default model and, where it is not cached, for what would fetch it. Downloads nothing, never throws.
 */
export async function diagnoseDefaultModel(): Promise<DefaultModelDiagnosis> {
  const { title, fileName, bytes } = defaultModel;
  const path = join(cacheFolder(), "models", fileName);
  const base = { title, path, fetchedBy: undefined, fix: undefined };
  const found = await stat(path).catch(() => undefined);
  if (found?.size === bytes) return { ...base, cached: true };
  try {
    return { ...base, cached: false, fetchedBy: (await findPip(defaultModel, undefined)).join(" ") };
  } catch (error) {
    return { ...base, cached: false, fix: BenchreportError.is(error) ? error.fix : String(error) };
  }
}
