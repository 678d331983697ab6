import { globSync } from "node:fs";
import { join } from "node:path";
import type { WorkspacePackage } from "./read-packages.ts";

/** Tests that take minutes run only through the script `test:long`: without it they would silently never run. */
export function longTestFaults(root: string, packages: readonly WorkspacePackage[]): readonly string[] {
  return packages.flatMap(({ folder, manifest }) => {
    const files = globSync("{src,test}/**/*.long.test.ts", { cwd: join(root, folder) });
    const scripted = manifest.scripts?.["test:long"] !== undefined;
    if (files.length > 0 && !scripted) return [`${folder}/package.json: no script test:long runs ${files.join(", ")}`];
    if (files.length === 0 && scripted) return [`${folder}/package.json: test:long has no *.long.test.ts to run`];
    return [];
  });
}
