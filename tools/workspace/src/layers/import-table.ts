/** What one folder of the workspace, or every folder that its pattern matches, may import from the others. */
export interface ImportRow {
  /** A regular expression for the folder of a package, its first group usable as `$1` in the others. */
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** Further folders, for tests and `devDependencies` alone. */
  readonly testsMayImport?: readonly string[];
}

/**
 * The layers of this repository, read by the source check (dependency-cruiser) and by the check of the package files,
 * so that both mean the same. A
 * package without a row may import nothing.
 */
export const importTable: readonly ImportRow[] = [
  { folder: "native/[^/]+", mayImport: [] },
  { folder: "packages/contract", mayImport: [] },
  { folder: "packages/report", mayImport: [] },
  { folder: "packages/runner", mayImport: ["packages/contract", "packages/report"] },
  { folder: "packages/models", mayImport: ["packages/contract"] },
  { folder: "packages/conformance", mayImport: ["packages/contract"] },
  // An adapter knows the contract and its own engine, never another adapter, the runner or the report.
  {
    folder: "packages/backend-([^/]+)",
    mayImport: ["packages/contract", "native/$1-kv"],
    testsMayImport: ["packages/conformance"],
  },
  {
    folder: "apps/cli",
    mayImport: ["packages/(contract|report|runner|models|conformance)", "packages/backend-[^/]+"],
  },
  { folder: "tools/[^/]+", mayImport: ["(apps|packages|native)/[^/]+"] },
];

/** Packages that bring an engine of their own, by name. Only an adapter, a binding or a tool has business with them. */
export const enginePackages = "(@node-llama-cpp/|node-llama-cpp$|node-llama-cpp/|openvino)";

/** Folders that may name an engine package: adapters, bindings, tools, and what downloads with an engine's downloader. */
export const engineFolders = "(native/[^/]+|packages/backend-[^/]+|packages/models|tools/[^/]+)";

/** Whether the package in one folder may depend on the package in another. */
export function mayDepend(from: string, to: string, inTests: boolean): boolean {
  if (from === to) return true;
  for (const row of importTable) {
    const match = new RegExp(`^${row.folder}$`).exec(from);
    if (match === null) continue;
    const allowed = inTests ? [...row.mayImport, ...(row.testsMayImport ?? [])] : row.mayImport;
    return allowed.some((pattern) => new RegExp(`^${pattern.replace("$1", match[1] ?? "")}$`).test(to));
  }
  return false;
}
