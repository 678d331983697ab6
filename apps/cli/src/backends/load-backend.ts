import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BackendModule, BenchreportError } from "@benchreport/contract";
import { resolve as resolveImport } from "import-meta-resolve";
import { bundledBackends } from "./bundled-backends.ts";

/**
 * Finds an adapter by bundled name, by path, or by package name as seen from the working directory.
 *
 * @throws `BACKEND_NOT_FOUND` · `BACKEND_INVALID` when what was found is no adapter, or cannot be imported.
 */
export async function loadBackend(name: string): Promise<BackendModule> {
  const bundled = Object.hasOwn(bundledBackends, name) ? bundledBackends[name] : undefined;
  const load = bundled ?? importerFor(name);
  const imported = await load().catch((error: unknown) => {
    if (BenchreportError.is(error)) throw error;
    throw isMissing(error, name) ? notFound(name, error) : notImportable(name, error);
  });
  return checkModule(name, (imported as { backend?: unknown }).backend);
}

function importerFor(name: string): () => Promise<unknown> {
  if (name === "") throw notFound(name);
  const isPath = /^[./]|^[A-Za-z]:[\\/]/.test(name) || isAbsolute(name) || /\.[cm]?js$/.test(name);
  return async () => import(isPath ? await resolvePath(name) : resolvePackage(name));
}

/** The URL of a file, or of the entry of the package that a folder holds. */
async function resolvePath(name: string): Promise<string> {
  const path = resolve(name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw notFound(name);
  if (!found.isDirectory()) return pathToFileURL(path).href;
  const inside = pathToFileURL(join(path, "package.json")).href;
  const text = await readFile(new URL(inside), "utf8").catch(() => {
    throw invalid(name, "the folder holds no package.json");
  });
  const { name: packageName, exports } = JSON.parse(text) as PackageJson;
  // A package with `exports` can be asked for by its own name from within; one without has a `main`.
  if (packageName !== undefined && exports !== undefined) return resolveImport(packageName, inside);
  return pathToFileURL(createRequire(inside).resolve(path)).href;
}

interface PackageJson {
  readonly name?: string;
  readonly exports?: unknown;
}

/** Where a package lies as seen from the working directory, so that a user's own adapters are found; else from here. */
function resolvePackage(name: string): string {
  try {
    return resolveImport(name, pathToFileURL(join(process.cwd(), "noop.js")).href);
  } catch {
    return name;
  }
}

function checkModule(name: string, candidate: unknown): BackendModule {
  if (typeof candidate !== "object" || candidate === null) throw invalid(name, "it has no export named `backend`");
  const module = candidate as Partial<BackendModule>;
  if (module.specificationVersion !== "v1") {
    throw invalid(name, `it follows specification ${String(module.specificationVersion)}, and this version knows v1`);
  }
  if (typeof module.name !== "string" || module.name === "") throw invalid(name, "its `name` is not a text");
  if (!["none", "file", "folder", "name"].includes(module.model ?? "")) throw invalid(name, "its `model` is unknown");
  if (typeof module.settingsSchema !== "object") throw invalid(name, "its `settingsSchema` is not an object");
  if (typeof module.createBackend !== "function") throw invalid(name, "its `createBackend` is not a function");
  if (typeof module.diagnose !== "function") throw invalid(name, "its `diagnose` is not a function");
  return candidate as BackendModule;
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // A package that is there but lacks one of its own dependencies is broken, not absent.
  return (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && String(message).includes(`'${name}'`);
}

function notFound(name: string, cause?: unknown): BenchreportError {
  return new BenchreportError("BACKEND_NOT_FOUND", {
    what: `There is no backend "${name}".`,
    why: "It is neither bundled, nor a file, nor a package that is installed here.",
    fix: `Bundled: ${Object.keys(bundledBackends).join(", ")}. For another one install its package, or pass its path.`,
    meta: { backend: name },
    cause,
  });
}

function notImportable(name: string, cause: unknown): BenchreportError {
  return new BenchreportError("BACKEND_INVALID", {
    what: `The backend "${name}" cannot be imported.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Install what it needs, or ask its author.",
    meta: { backend: name },
    cause,
  });
}

function invalid(name: string, why: string): BenchreportError {
  return new BenchreportError("BACKEND_INVALID", {
    what: `"${name}" is not a benchreport backend: ${why}.`,
    why: "An adapter exports `backend: BackendModule` of @benchreport/contract.",
    fix: "Check the name, or ask the adapter's author.",
    meta: { backend: name },
  });
}
