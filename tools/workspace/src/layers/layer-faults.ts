import type { Manifest, WorkspacePackage } from "../packages/read-packages.ts";
import { engineFolders, enginePackages, mayDepend } from "./import-table.ts";

/**
 * What the package files declare against the import table: forbidden dependencies, engines outside their adapters, and
 * cycles.
 */
export function layerFaults(packages: readonly WorkspacePackage[]): readonly string[] {
  const folders = new Map(packages.map(({ folder, manifest }) => [manifest.name, folder]));
  return [...packages.flatMap((one) => dependencyFaults(one, folders)), ...cycleFaults(packages)];
}

function dependencyFaults({ folder, manifest }: WorkspacePackage, folders: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  for (const { name, development } of declared(manifest)) {
    const target = folders.get(name);
    const kind = development ? "devDependencies" : "dependencies";
    if (target !== undefined && !mayDepend(folder, target, development)) {
      faults.push(`${folder}/package.json: ${kind} name ${name} (${target}), which the import table forbids`);
    }
    if (new RegExp(`^${enginePackages}`).test(name) && !new RegExp(`^${engineFolders}$`).test(folder)) {
      faults.push(
        `${folder}/package.json: ${kind} name the engine package ${name}, which only adapters, bindings and tools may`,
      );
    }
  }
  return faults;
}

/** One line for each cycle of packages, development dependencies included: a build order must exist. */
function cycleFaults(packages: readonly WorkspacePackage[]): string[] {
  const edges = new Map(packages.map(({ manifest }) => [manifest.name, declared(manifest).map(({ name }) => name)]));
  const faults: string[] = [];
  const done = new Set<string>();

  function visit(name: string, path: readonly string[]): void {
    const start = path.indexOf(name);
    if (start >= 0) faults.push(`cycle of packages: ${[...path.slice(start), name].join(" → ")}`);
    if (start >= 0 || done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  }

  for (const name of edges.keys()) visit(name, []);
  return faults;
}

function declared(manifest: Manifest): readonly { readonly name: string; readonly development: boolean }[] {
  const runtime = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  return [
    ...Object.keys(runtime).map((name) => ({ name, development: false })),
    ...Object.keys(manifest.devDependencies ?? {}).map((name) => ({ name, development: true })),
  ];
}
