import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files of a small workspace by their path, package files as objects. */
export type FixtureFiles = Readonly<Record<string, string | object>>;

/** Writes a workspace into a new folder and links its packages to one another as a package manager does. */
export async function writeFixture(files: FixtureFiles): Promise<{ root: string } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), "benchreport fixture "));
  const folders = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
    if (typeof content === "object" && "name" in content && !path.includes("node_modules"))
      folders.set(String(content.name), dirname(path));
  }
  for (const [path, content] of Object.entries(files)) {
    if (typeof content === "object") await linkDependencies(root, dirname(path), content, folders);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** A package file of this workspace's form. */
export function packageFile(name: string, more: object = {}): object {
  const exports = { ".": { "@benchreport/source": "./src/index.ts" }, "./oracle": "./src/oracle.ts" };
  return { name, type: "module", engines: { node: ">=20.11" }, exports, ...more };
}

async function linkDependencies(root: string, folder: string, manifest: object, folders: ReadonlyMap<string, string>) {
  const { dependencies = {}, devDependencies = {} } = manifest as Record<string, Record<string, string>>;
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const target = folders.get(name);
    if (target === undefined) continue;
    const link = join(root, folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, target), link, "junction");
  }
}
