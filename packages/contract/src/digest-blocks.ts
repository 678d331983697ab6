import { webcrypto } from "node:crypto";

/** Large enough that a digest outweighs its hand-over to another thread, small enough that all cores get some. */
const blockBytes = 1024 * 1024;
const digestsAtOnce = 4;

/**
 * SHA-256 in hex of each MiB, the last one of what is left. Computed on other threads at once: a KV state has tens of
 * megabytes, and one thread would take longer to digest it than the engine to restore it.
 */
export async function digestBlocks(bytes: Uint8Array): Promise<string[]> {
  const digests: string[] = new Array(Math.ceil(bytes.length / blockBytes)).fill("");
  let next = 0;
  const digestOneByOne = async (): Promise<void> => {
    while (next < digests.length) {
      const index = next++;
      const block = unshared(bytes.subarray(index * blockBytes, (index + 1) * blockBytes));
      digests[index] = Buffer.from(await webcrypto.subtle.digest("SHA-256", block)).toString("hex");
    }
  };
  await Promise.all(Array.from({ length: digestsAtOnce }, digestOneByOne));
  return digests;
}

/** Web crypto refuses memory that another thread could write. */
function unshared(block: Uint8Array): Uint8Array<ArrayBuffer> {
  return block.buffer instanceof ArrayBuffer ? (block as Uint8Array<ArrayBuffer>) : Uint8Array.from(block);
}
