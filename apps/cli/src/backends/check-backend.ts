import { type Backend, BenchreportError } from "@benchreport/contract";

const methods = ["describe", "tokenize", "openSession", "close"] as const;

/** Checks that what an adapter created is a backend, as far as a run relies on it. @throws `BACKEND_INVALID`. */
export function checkBackend(name: string, candidate: Backend): Backend {
  const backend = candidate as Partial<Backend> | null | undefined;
  if (typeof backend !== "object" || backend === null) throw invalid(name, "createBackend gave no object");
  const missing = methods.find((method) => typeof backend[method] !== "function");
  if (missing !== undefined) throw invalid(name, `its backend has no method ${missing}`);
  if (typeof backend.capabilities?.reuse !== "object") throw invalid(name, "its backend has no capabilities.reuse");
  const description = candidate.describe() as Partial<ReturnType<Backend["describe"]>> | undefined;
  for (const field of ["identity", "model", "settings"] as const) {
    if (typeof description?.[field] !== "object") throw invalid(name, `describe() has no ${field}`);
  }
  for (const field of ["name", "version", "device"] as const) {
    if (typeof description?.[field] !== "string") throw invalid(name, `describe() has no ${field}`);
  }
  return candidate;
}

function invalid(name: string, why: string): BenchreportError {
  return new BenchreportError("BACKEND_INVALID", {
    what: `The backend ${name} does not keep to the contract: ${why}.`,
    why: "A run relies on what Backend of @benchreport/contract promises.",
    fix: "Ask the adapter's author.",
    meta: { backend: name },
  });
}
