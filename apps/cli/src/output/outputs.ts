import { rm } from "node:fs/promises";
import { BenchreportError } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import type { Pair } from "../options/parse-pair.ts";
import { checkTarget, type Target, unwritable } from "./check-target.ts";
import { type RenderingName, renderings } from "./renderings.ts";
import { writeWhole } from "./write-whole.ts";

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
  const files: (Target & { readonly render: (report: Report) => string })[] = [];
  for (const [kind, path] of pairs) {
    const render = findRendering(kind);
    const target = await checkTarget(path);
    const same = files.find(({ absolute }) => clash(absolute, target.absolute));
    if (same !== undefined) throw unwritable(path, `"${same.path}" is to be written to the same place`);
    files.push({ ...target, render });
  }
  const write = async (report: Report, suffix: string): Promise<string[]> => {
    for (const { path, absolute, render } of files) {
      await writeWhole(`${absolute}${suffix}`, render(report)).catch((error: Error) => {
        throw unwritable(path, error.message);
      });
    }
    return files.map(({ path }) => `${path}${suffix}`);
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

/** The same file, or one where the other's unfinished report goes. */
function clash(one: string, other: string): boolean {
  return one === other || one === `${other}.partial` || other === `${one}.partial`;
}

function findRendering(kind: string): (report: Report) => string {
  if (Object.hasOwn(renderings, kind)) return renderings[kind as RenderingName];
  throw new BenchreportError("OUTPUT_INVALID", {
    what: `There is no output of the kind "${kind}".`,
    why: `Known kinds: ${Object.keys(renderings).join(", ")}.`,
    fix: "Pass for example --output json=report.json.",
    meta: { kind },
  });
}
