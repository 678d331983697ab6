import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { inPercents } from "../in-percents.ts";
import { readDigest, writeDigest } from "./digest-cache.ts";
import { type FileIdentity, identifyFile } from "./file-identity.ts";

export interface DigestOptions {
  readonly signal?: AbortSignal | undefined;
  /** From 0 to 1, while the file is read; never called when the digest was known. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

// Large reads: a model of 40 GB is read at the disk's speed, not at the event loop's.
const readBytes = 1 << 20;

/**
 * SHA-256 of a file in lower-case hex. A file that did not change since it was last hashed is not read again: the
 * digest is kept in the
 * cache folder under the file's real path, size, modification time and inode. A cache that cannot be read or written is
 * never an error.
 *
 * @throws What opening or reading the file throws, or the signal's reason.
 */
export async function digestFile(path: string, options: DigestOptions = {}): Promise<string> {
  const file = await identifyFile(path);
  const known = await readDigest(file);
  if (known !== undefined) return known;
  const digest = await hashFile(file, options);
  // Kept under the state from before reading: when the file was written to meanwhile, nobody will ask for that state
  // again.
  await writeDigest(file, digest);
  return digest;
}

async function hashFile(file: FileIdentity, options: DigestOptions): Promise<string> {
  const { size } = await stat(file.path);
  const hash = createHash("sha256");
  const source = createReadStream(file.path, { highWaterMark: readBytes });
  let done = 0;
  const report = inPercents(size, (fraction) => options.onProgress?.(fraction));
  source.on("data", (chunk) => {
    hash.update(chunk);
    done += chunk.length;
    report(done);
  });
  try {
    await finished(source, options.signal === undefined ? {} : { signal: options.signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    source.destroy();
  }
  return hash.digest("hex");
}
