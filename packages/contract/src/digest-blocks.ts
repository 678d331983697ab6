import { webcrypto } from "node:crypto";
import { sha256 } from "./digest.ts";

/** Large enough that a digest outweighs its hand-over to another thread, small enough to hold up nobody: half a millisecond. */
const blockBytes = 1024 * 1024;

/**
 * SHA-256 in hex of each MiB, the last one of what is left. Every other block is digested on another thread: a KV state
 * has tens of megabytes, and one thread would take longer to digest it than the engine to restore it.
 */
export async function digestBlocks(bytes: Uint8Array): Promise<string[]> {
  const blocks = Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, index) =>
    bytes.subarray(index * blockBytes, (index + 1) * blockBytes),
  );
  const digests: string[] = [];
  for (let index = 0; index < blocks.length; index += 2) {
    const [here, elsewhere] = [blocks[index], blocks[index + 1]];
    const pending = elsewhere && digestElsewhere(elsewhere);
    if (here !== undefined) digests.push(sha256(here));
    if (pending !== undefined) digests.push(await pending);
  }
  return digests;
}

async function digestElsewhere(block: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", unshared(block))).toString("hex");
}

/** Web crypto refuses memory that another thread could write. */
function unshared(block: Uint8Array): Uint8Array<ArrayBuffer> {
  return block.buffer instanceof ArrayBuffer ? (block as Uint8Array<ArrayBuffer>) : Uint8Array.from(block);
}
