import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The part of a `package.json` that the checks of this workspace read. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly engines?: { readonly node?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Relative to the root, with forward slashes: `packages/contract`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package of the workspace below a root folder, in order of their folders. */
export function readPackages(root: string): readonly WorkspacePackage[] {
  return globSync("{apps,packages,native,tools}/*/package.json", { cwd: root })
    .map((path) => ({ folder: dirname(path).replaceAll("\\", "/"), manifest: readManifest(join(root, path)) }))
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}
