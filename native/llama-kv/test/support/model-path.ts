import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

/**
 * The model that the tests run on: `BENCHREPORT_TEST_MODEL`, else the default model in the user's cache. Never skips.
 */
export function requireTestModel(): string {
  const cache = process.env["BENCHREPORT_CACHE"] || userCache();
  const file = process.env["BENCHREPORT_TEST_MODEL"] || path.join(cache, "models", FILE);
  if (existsSync(file)) return file;
  throw new Error(`These tests need a model, and ${file} is not there. Name a GGUF file in BENCHREPORT_TEST_MODEL.`);
}

/** The folder that `npx pnpm@12 test` fetches the default model into. */
function userCache(): string {
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Caches", "benchreport");
  if (process.platform === "win32") {
    return path.join(process.env["LOCALAPPDATA"] || path.join(homedir(), "AppData", "Local"), "benchreport", "Cache");
  }
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "benchreport");
}
