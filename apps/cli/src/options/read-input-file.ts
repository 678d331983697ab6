import { readFile, stat } from "node:fs/promises";
import type { BenchreportError } from "@benchreport/contract";

/** Reads a file that the user named, unless it is absent, no file or too large; `refuse` makes the error from the reason. */
export async function readInputFile(
  path: string,
  largestBytes: number,
  refuse: (path: string, why: string) => BenchreportError,
): Promise<Buffer> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw refuse(path, "there is no such file");
  if (!found.isFile()) throw refuse(path, "it is not a file");
  if (found.size > largestBytes) throw refuse(path, `it is larger than ${largestBytes} bytes`);
  return await readFile(path).catch((error: Error) => {
    throw refuse(path, error.message);
  });
}
