import { type BackendDescription, digestJson, type ManifestIdentity } from "@benchreport/contract";
import { adapterVersion, engineName, engineVersion } from "./memory-facts.ts";
import type { MemorySettings } from "./memory-settings.ts";

/** What the engine's cells and answers depend on. */
export function mapIdentity(settings: MemorySettings): ManifestIdentity {
  return {
    backend: engineName,
    backendVersion: engineVersion,
    device: "virtual",
    modelDigest: digestJson({ weights: settings.weights }),
    tokenizerDigest: digestJson("utf-8 bytes"),
    promptFormat: "raw",
    templateDigest: null,
    addBos: settings.addBos,
    numerics: { exact: settings.exact },
  };
}

/** Describes the engine for the report. */
export function mapDescription(settings: MemorySettings): BackendDescription {
  const identity = mapIdentity(settings);
  const { maxSessions, ...rest } = settings;
  return {
    name: engineName,
    version: engineVersion,
    adapterVersion,
    device: identity.device,
    identity,
    model: {
      name: "memory",
      digest: identity.modelDigest,
      bytes: 0,
      architecture: "hash chain",
      quantization: undefined,
      memory: "full",
      trainedContextTokens: undefined,
    },
    settings: maxSessions === undefined ? rest : { ...rest, maxSessions },
    notes: ["The memory engine is a simulation: its clock is virtual, and its times say nothing about this machine."],
  };
}
