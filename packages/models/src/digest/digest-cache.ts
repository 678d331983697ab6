import { createHash, randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { createFolder } from "../files/create-folder.ts";
import type { FileIdentity } from "./file-identity.ts";

/**
 * The digest kept for exactly this state of the file; `undefined` when there is none or what is kept makes no sense.
 */
export async function readDigest(file: FileIdentity): Promise<string | undefined> {
  try {
    const entry: unknown = JSON.parse(await readFile(entryPath(file), "utf8"));
    return isEntry(entry) && entry.key === file.key ? entry.sha256 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a digest, replacing the one of an earlier state of the same file. One small file for each model, renamed into
 * place: two processes that
 * write at once cannot lose each other's entries or leave half of one. Fails silently, since a digest can always be
 * computed again.
 */
export async function writeDigest(file: FileIdentity, sha256: string): Promise<void> {
  const target = entryPath(file);
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await createFolder(digestFolder());
    await writeFile(draft, JSON.stringify({ key: file.key, sha256 } satisfies Entry));
    await rename(draft, target);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

interface Entry {
  readonly key: string;
  readonly sha256: string;
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { key, sha256 } = value as Partial<Record<keyof Entry, unknown>>;
  return typeof key === "string" && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}

function digestFolder(): string {
  return join(cacheFolder(), "digests");
}

function entryPath(file: FileIdentity): string {
  return join(digestFolder(), `${createHash("sha256").update(file.path).digest("hex")}.json`);
}
