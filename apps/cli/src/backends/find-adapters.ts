import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledBackends } from "./bundled-backends.ts";

/** Names of packages that are found without being named: `benchreport-backend-x`, with a scope or without. */
const adapterName = /^(?:@[^/]+\/benchreport-backend-|benchreport-backend-|@benchreport\/backend-)./;

/** Adapter packages that are installed as seen from the working directory, or from this package; by name. */
export async function findAdapters(): Promise<string[]> {
  const bundled = new Set(Object.keys(bundledBackends).map((name) => `@benchreport/backend-${name}`));
  const starts = [process.cwd(), dirname(fileURLToPath(import.meta.url))];
  const folders = new Set(starts.flatMap(foldersUpwards).map((folder) => join(folder, "node_modules")));
  const packages = (await Promise.all([...folders].map(listPackages))).flat();
  const found = packages.filter((name) => adapterName.test(name) && !bundled.has(name));
  return [...new Set(found)].sort();
}

function foldersUpwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpwards(above)];
}

async function listPackages(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const inScopes = names
    .filter((name) => name.startsWith("@"))
    .map(async (scope) => (await readdir(join(folder, scope)).catch(() => [])).map((name) => `${scope}/${name}`));
  return [...names.filter((name) => !name.startsWith("@")), ...(await Promise.all(inScopes)).flat()];
}
