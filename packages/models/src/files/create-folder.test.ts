import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFolder } from "./create-folder.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport folder "));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test("a folder is created with those above it, and may be there already", async () => {
  const path = join(root, "a", "b", "c");
  await createFolder(path);
  await createFolder(path);
  expect((await stat(path)).isDirectory()).toBe(true);
});

test("below a file there is no folder", async () => {
  await writeFile(join(root, "file"), "");
  await expect(createFolder(join(root, "file", "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.runIf(process.platform === "linux")(
  "a file system that takes no folders is an error, not an endless search",
  async () => {
    await expect(createFolder("/proc/benchreport/models")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
