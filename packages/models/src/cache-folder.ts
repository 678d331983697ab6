import { resolve } from "node:path";
import envPaths from "env-paths";

/**
 * Where downloaded models and the digests of models are kept: `BENCHREPORT_CACHE`, else the platform's cache folder for
 * `benchreport`
 * (`~/.cache/benchreport` on Linux). It need not exist.
 */
export function cacheFolder(): string {
  const chosen = process.env["BENCHREPORT_CACHE"];
  return chosen === undefined || chosen === "" ? envPaths("benchreport", { suffix: "" }).cache : resolve(chosen);
}
