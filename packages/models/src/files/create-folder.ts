import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Creates a folder and those above it that are missing. Node's own `mkdir` with `recursive` never comes back for a
 * path in a file system that refuses new folders as if their parent were missing, as Linux's `/proc` does (Node 24.21).
 *
 * @throws What the file system says.
 */
export async function createFolder(path: string): Promise<void> {
  const failure = await tryToCreate(path);
  if (failure === undefined) return;
  if (failure.code !== "ENOENT" || dirname(path) === path) throw failure;
  await createFolder(dirname(path));
  const secondFailure = await tryToCreate(path);
  if (secondFailure !== undefined) throw secondFailure;
}

/** A file in the folder's place is found by whoever writes below it. */
function tryToCreate(path: string): Promise<NodeJS.ErrnoException | undefined> {
  return mkdir(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => (error.code === "EEXIST" ? undefined : error),
  );
}
