import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestFile } from "./digest-file.ts";

const content = "x".repeat(3_000_000);
let root: string;
let file: string;
let digests: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport digests ä "));
  file = join(root, "model ö.bin");
  digests = join(root, "cache", "digests");
  await writeFile(file, content);
  vi.stubEnv("BENCHREPORT_CACHE", join(root, "cache"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe("the digest of a file", () => {
  test("is its SHA-256", async () => {
    await writeFile(file, "abc");
    expect(await digestFile(file)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("reports progress up to 1 while the file is read", async () => {
    const fractions = await fractionsOf(file);
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions.at(-1)).toBe(1);
  });

  test("is not computed again for a file that did not change", async () => {
    const first = await digestFile(file);
    expect(await fractionsOf(file)).toEqual([]);
    expect(await digestFile(file)).toBe(first);
  });

  test("is known through a symbolic link too", async () => {
    await digestFile(file);
    await symlink(file, join(root, "link"));
    expect(await fractionsOf(join(root, "link"))).toEqual([]);
  });

  test.each([
    ["size", () => appendFile(file, "y")],
    ["modification time", () => utimes(file, 1, 1)],
    [
      "inode",
      async () => {
        await utimes(file, 5, 5);
        await digestFile(file);
        await writeFile(`${file}.new`, content);
        await utimes(`${file}.new`, 5, 5);
        await rename(`${file}.new`, file);
      },
    ],
  ])("is computed again when the %s changed", async (_, change) => {
    await digestFile(file);
    await change();
    expect(await fractionsOf(file)).not.toEqual([]);
    expect(await digestFile(file)).toBe(sha256(await readFile(file)));
  });

  test.each(["", "{", "null", '{"key":1,"sha256":2}', '{"key":"k","sha256":"no digest"}'])(
    "is computed again, and kept again, when what is kept is %j",
    async (damage) => {
      await digestFile(file);
      const [entry] = await readdir(digests);
      await writeFile(join(digests, entry ?? ""), damage);
      expect(await fractionsOf(file)).not.toEqual([]);
      expect(await fractionsOf(file)).toEqual([]);
    },
  );

  test("is not taken from what is kept for another state of the file", async () => {
    await digestFile(file);
    const [entry] = await readdir(digests);
    await writeFile(join(digests, entry ?? ""), JSON.stringify({ key: "another", sha256: "0".repeat(64) }));
    expect(await digestFile(file)).toBe(sha256(content));
  });

  test("is computed where the cache folder cannot be made", async () => {
    vi.stubEnv("BENCHREPORT_CACHE", join(file, "below a file"));
    expect(await digestFile(file)).toBe(sha256(content));
  });

  test("kept by many at once is whole, with no draft left", async () => {
    await Promise.all(Array.from({ length: 20 }, () => digestFile(file)));
    expect(await readdir(digests)).toHaveLength(1);
    expect(await fractionsOf(file)).toEqual([]);
  });

  test("can be aborted: it rejects with the signal's reason and keeps nothing", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = digestFile(file, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(call).rejects.toBe(reason);
    await expect(readdir(digests)).rejects.toThrow();
  });

  test("of a file that changes while it is read is not kept", async () => {
    let appended: Promise<void> | undefined;
    await digestFile(file, {
      onProgress: () => {
        appended ??= appendFile(file, "late");
      },
    });
    await appended;
    expect(await fractionsOf(file)).not.toEqual([]);
  });
});

async function fractionsOf(path: string): Promise<readonly number[]> {
  const fractions: number[] = [];
  await digestFile(path, { onProgress: (fraction) => fractions.push(fraction) });
  return fractions;
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
