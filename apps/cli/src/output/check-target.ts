import { access, constants, open, realpath, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BenchreportError } from "@benchreport/contract";

/** A file to be written: as it was named, and where it really is. */
export interface Target {
  readonly path: string;
  readonly absolute: string;
}

/**
 * Finds where a path leads and checks that a file can be written there, so that a wrong path costs no run.
 *
 * @throws `OUTPUT_INVALID` with `meta.path`.
 */
export async function checkTarget(path: string): Promise<Target> {
  if (path === "") throw unwritable(path, "no path is given");
  // The file behind a link: renaming over the link would cut it off from what it leads to.
  const absolute = await realpath(resolve(path)).catch(() => resolve(path));
  await checkWritable(path, absolute);
  return { path, absolute };
}

export function unwritable(path: string, why: string): BenchreportError {
  return new BenchreportError("OUTPUT_INVALID", {
    what: `The report cannot be written to "${path}".`,
    why,
    fix: "Name a file in a folder that exists and can be written.",
    meta: { path },
  });
}

async function checkWritable(path: string, absolute: string): Promise<void> {
  const folder = dirname(absolute);
  const folderStat = await stat(folder).catch(() => undefined);
  if (folderStat === undefined) throw unwritable(path, `the folder ${folder} does not exist`);
  if (!folderStat.isDirectory()) throw unwritable(path, `${folder} is not a folder`);
  for (const target of [absolute, `${absolute}.partial`]) {
    const found = await stat(target).catch(() => undefined);
    if (found?.isDirectory()) throw unwritable(path, `${target} is a folder`);
    // A device or a pipe would be replaced by a file, not written to.
    if (found !== undefined && !found.isFile()) throw unwritable(path, `${target} is no ordinary file`);
  }
  await access(folder, constants.W_OK).catch(() => {
    throw unwritable(path, `the folder ${folder} cannot be written`);
  });
  // Permission bits do not tell all (a read-only file system, a full quota): a file is made and removed.
  const probe = `${absolute}.${process.pid}.probe`;
  try {
    await (await open(probe, "wx")).close();
    await rm(probe, { force: true });
  } catch (error) {
    throw unwritable(path, error instanceof Error ? error.message : String(error));
  }
}
