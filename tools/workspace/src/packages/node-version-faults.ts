import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { satisfies } from "semver";
import { readManifest, type WorkspacePackage } from "./read-packages.ts";

/** The oldest Node that published packages promise to run on. */
export const oldestNode = "20.11.0";

/**
 * Everything that a published package brings to its users, dependencies of dependencies included, must accept the
 * oldest Node. Optional dependencies
 * that are not installed here (other platforms) are passed over.
 */
export function nodeVersionFaults(root: string, packages: readonly WorkspacePackage[]): readonly string[] {
  const faults = new Set<string>();
  const seen = new Set<string>();

  function visit(folder: string, path: readonly string[]): void {
    if (seen.has(folder)) return;
    seen.add(folder);
    const manifest = readManifest(join(folder, "package.json"));
    const wanted = manifest.engines?.node;
    if (wanted !== undefined && !satisfies(oldestNode, wanted)) {
      faults.add(`${[...path, manifest.name].join(" → ")}@${manifest.version} wants Node ${wanted}, not ${oldestNode}`);
    }
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      const found = findInstalled(name, folder);
      if (found !== undefined) visit(found, [...path, manifest.name]);
      else if (manifest.optionalDependencies?.[name] === undefined)
        faults.add(`${manifest.name}: ${name} is not installed`);
    }
  }

  for (const { folder, manifest } of packages) {
    if (manifest.private === true) continue;
    if (manifest.engines?.node === undefined) faults.add(`${folder}/package.json: engines.node is missing`);
    visit(join(root, folder), []);
  }
  return [...faults];
}

/** Looks where Node would look. */
function findInstalled(name: string, from: string): string | undefined {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}
