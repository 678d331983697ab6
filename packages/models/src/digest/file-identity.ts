import { realpath, stat } from "node:fs/promises";

/** What tells one state of a file from another without reading it. */
export interface FileIdentity {
  /** With every symbolic link resolved. */
  readonly path: string;
  /** Path, size, modification time in nanoseconds and inode: differs as soon as one of them does. */
  readonly key: string;
}

export async function identifyFile(path: string): Promise<FileIdentity> {
  const real = await realpath(path);
  const facts = await stat(real, { bigint: true });
  return { path: real, key: JSON.stringify([real, `${facts.size}`, `${facts.mtimeNs}`, `${facts.ino}`]) };
}
