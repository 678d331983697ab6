import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { cacheFolder } from "../cache-folder.ts";
import { createFolder } from "../files/create-folder.ts";
import { holdLock } from "../files/hold-lock.ts";
import { inPercents } from "../in-percents.ts";
import type { ModelRequest } from "../model-request.ts";
import { splitParts } from "../path/split-model.ts";
import { formatHuggingFaceFile, type HuggingFaceFile, parseHuggingFaceFile } from "./hugging-face-file.ts";
import type { CreateModelDownloader } from "./model-downloader.ts";

/** How to come by the downloader; tests bring one that touches no network. */
export type LoadModelDownloader = (model: string) => Promise<CreateModelDownloader>;

/**
 * The path of a model of Hugging Face in the cache, downloaded when it is not there yet, with all its parts when it is a
 * split one. A download that was cut off goes on where it stopped.
 *
 * @throws `MODEL_NOT_FOUND` for a name that cannot be one · `DOWNLOAD_FAILED` · the signal's reason
 */
export async function provideHuggingFaceModel(
  model: string,
  loadDownloader: LoadModelDownloader,
  request: ModelRequest,
): Promise<string> {
  const file = parseHuggingFaceFile(model);
  const path = cachedPath(file);
  request.onProgress?.({ stage: "locate", fraction: undefined, text: `Looking for ${basename(path)}` });
  if (await isComplete(path)) return path;
  const name = formatHuggingFaceFile(file);
  if (request.offline === true) throw neededOffline(name, path);
  await createFolder(dirname(path)).catch((error: Error) => {
    throw cannotWrite(name, dirname(path), error);
  });
  await using _lock = await lockDownload(name, path, request);
  if (!(await isComplete(path))) await download(name, path, await loadDownloader(name), request);
  return path;
}

/** Where a file lies is said by its name alone, so that no server is asked for a model that is here. */
function cachedPath({ owner, repository, path, revision }: HuggingFaceFile): string {
  return join(cacheFolder(), "models", "hf", owner, repository, revision ?? "main", ...path.split("/"));
}

/** The downloader writes under another name and renames: a file that is there is whole. */
async function isComplete(path: string): Promise<boolean> {
  for (const part of splitParts(path)) {
    const found = await stat(part).catch(() => undefined);
    if (found?.isFile() !== true) return false;
  }
  return true;
}

function lockDownload(name: string, path: string, request: ModelRequest): Promise<AsyncDisposable> {
  const text = `Waiting for another process that downloads ${basename(path)}`;
  const onWait = () => request.onProgress?.({ stage: "wait", fraction: undefined, text });
  return holdLock(path, { signal: request.signal, onWait }).catch((error: Error) => {
    request.signal?.throwIfAborted();
    throw cannotWrite(name, dirname(path), error);
  });
}

async function download(
  name: string,
  path: string,
  createDownloader: CreateModelDownloader,
  { signal, onProgress }: ModelRequest,
): Promise<void> {
  const text = `Downloading ${name}`;
  onProgress?.({ stage: "download", fraction: undefined, text });
  let report: ((bytes: number) => void) | undefined;
  const creating = createDownloader({
    modelUri: name,
    dirPath: dirname(path),
    fileName: basename(path),
    // What came before an abort need not come again.
    deleteTempFileOnCancel: false,
    onProgress: ({ totalSize, downloadedSize }) => {
      if (totalSize <= 0) return;
      report ??= inPercents(totalSize, (fraction) => onProgress?.({ stage: "download", fraction, text }));
      report(downloadedSize);
    },
  });
  try {
    const downloader = await unlessAborted(creating, signal);
    await unlessAborted(downloader.download(signal === undefined ? {} : { signal }), signal);
  } catch (error) {
    if (signal?.aborted === true) {
      void creating.then((downloader) => downloader.cancel({ deleteTempFile: false })).catch(() => undefined);
    }
    signal?.throwIfAborted();
    throw downloadFailed(name, error);
  }
  if (!(await isComplete(path)))
    throw downloadFailed(name, new Error(`It ended without an error and without ${path}.`));
}

/** The downloader asks the server before it listens to a signal. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function neededOffline(name: string, path: string): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The model ${name} is not on this machine.`,
    why: `There is no copy at ${path}, and downloads are switched off.`,
    fix: "Run once without --offline, copy the file to that place, or pass --model FILE with where it is.",
    meta: { path },
  });
}

function downloadFailed(name: string, cause: unknown): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The model ${name} could not be downloaded.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Check the spelling of owner, repository and file, and the network; set HF_TOKEN for a repository that wants a login; or download the file yourself and pass its path with --model.",
    meta: { model: name },
    cause,
  });
}

function cannotWrite(name: string, folder: string, cause: Error): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The model ${name} could not be stored in ${folder}.`,
    why: cause.message,
    fix: "Make room or give this user the right to write there, choose another folder with BENCHREPORT_CACHE, or pass --model FILE.",
    meta: { folder },
    cause,
  });
}
