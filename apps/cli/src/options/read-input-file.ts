import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { BenchreportError } from "@benchreport/contract";

const bytesOfMegabyte = 1024 * 1024;

/** Makes the error for a file from the reason why it cannot be read. */
export type Refuse = (path: string, why: string) => BenchreportError;

/**
 * Reads the text of a file that the user named, unless it is absent, no file, larger than it may be or no UTF-8: such
 * text would be read as something else than what its author sees. A byte order mark is passed over.
 */
export async function readInputFile(path: string, largestMegabytes: number, refuse: Refuse): Promise<string> {
  if (!isStandardInput(path)) await checkFile(path, largestMegabytes, refuse);
  const bytes = await readAtMost(path, largestMegabytes, refuse);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse(path, "it is not UTF-8");
  }
}

/** Read as a stream that is open already: where it is a socket, it cannot be opened by its path. */
function isStandardInput(path: string): boolean {
  return path === "-" || path === "/dev/stdin";
}

async function checkFile(path: string, largestMegabytes: number, refuse: Refuse): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(path, error.code === "ENOENT" ? "there is no such file" : error.message);
  });
  // What a shell makes of <(command) is a pipe that somebody writes to; to open any other one could wait for ever.
  const isOpenPipe = found.isFIFO() && path.startsWith("/dev/fd/");
  if (!found.isFile() && !isOpenPipe) throw refuse(path, "it is not a file");
  if (found.size > largestMegabytes * bytesOfMegabyte) throw refuse(path, tooLarge(largestMegabytes));
}

/** A file may hold more than its size says: it grows, or a file system makes it up while it is read. */
async function readAtMost(path: string, largestMegabytes: number, refuse: Refuse): Promise<Buffer> {
  const largestBytes = largestMegabytes * bytesOfMegabyte;
  const chunks: Buffer[] = [];
  const source: AsyncIterable<Buffer> = isStandardInput(path) ? process.stdin : createReadStream(path);
  let length = 0;
  try {
    for await (const chunk of source) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > largestBytes) break;
    }
  } catch (error) {
    throw refuse(path, error instanceof Error ? error.message : String(error));
  }
  if (length > largestBytes) throw refuse(path, tooLarge(largestMegabytes));
  return Buffer.concat(chunks);
}

function tooLarge(largestMegabytes: number): string {
  return `it is larger than ${largestMegabytes} MB, the most that is read`;
}
