import { access, constants, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { Pair } from "../options/parse-pair.ts";

const renderings: Readonly<Record<string, (report: Report) => string>> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};

/** Files that a run will write. */
export interface Outputs {
  /** Writes a finished report over what was there, and gives the paths. */
  writeComplete(report: Report): Promise<readonly string[]>;
  /** Writes an unfinished report beside what was there, as `PATH.partial`, and gives the paths. */
  writePartial(report: Report): Promise<readonly string[]>;
}

/**
 * Checks `--output` pairs before the run starts, so that a wrong path costs no run.
 *
 * @throws `OUTPUT_INVALID` with `meta.path`.
 */
export async function prepareOutputs(pairs: readonly Pair[]): Promise<Outputs> {
  const files = await Promise.all(
    pairs.map(async ([kind, path]) => ({
      render: findRendering(kind),
      path,
      absolute: await followLinks(resolve(path)),
    })),
  );
  for (const file of files) await checkWritable(file.path, file.absolute);
  const write = async (report: Report, suffix: string): Promise<string[]> => {
    for (const file of files) await writeReport(file.path, `${file.absolute}${suffix}`, file.render(report));
    return files.map((file) => `${file.path}${suffix}`);
  };
  return {
    async writeComplete(report) {
      const paths = await write(report, "");
      // A partial report of an earlier run says nothing beside a finished one.
      for (const file of files) await rm(`${file.absolute}.partial`, { force: true }).catch(() => undefined);
      return paths;
    },
    writePartial: (report) => write(report, ".partial"),
  };
}

/** The file behind a link: renaming over the link would cut it off from what it leads to. */
function followLinks(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function findRendering(kind: string): (report: Report) => string {
  const rendering = Object.hasOwn(renderings, kind) ? renderings[kind] : undefined;
  if (rendering !== undefined) return rendering;
  throw new BenchreportError("OUTPUT_INVALID", {
    what: `There is no output of the kind "${kind}".`,
    why: `Known kinds: ${Object.keys(renderings).join(", ")}.`,
    fix: "Pass for example --output json=report.json.",
    meta: { kind },
  });
}

async function checkWritable(path: string, absolute: string): Promise<void> {
  if (path === "") throw unwritable(path, "no path is given");
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

/** Writes beside the target and renames: what was there before is replaced by a whole report or not at all. */
async function writeReport(path: string, absolute: string, text: string): Promise<void> {
  const beside = `${absolute}.${process.pid}.new`;
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, absolute);
  } catch (error) {
    await rm(beside, { force: true });
    throw unwritable(path, error instanceof Error ? error.message : String(error));
  }
}

function unwritable(path: string, why: string): BenchreportError {
  return new BenchreportError("OUTPUT_INVALID", {
    what: `The report cannot be written to "${path}".`,
    why,
    fix: "Name a file in a folder that exists and can be written.",
    meta: { path },
  });
}
