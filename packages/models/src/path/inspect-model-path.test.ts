import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inspectModelPath } from "./inspect-model-path.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport päth "));
  await mkdir(join(root, "folder"));
  await writeFile(join(root, "file"), "four");
  await writeFile(join(root, "empty"), "");
  await symlink(join(root, "loop"), join(root, "loop"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("a model path", () => {
  test("is made absolute and measured", async () => {
    expect(await inspectModelPath(relative(".", join(root, "file")), "file")).toEqual({
      path: join(root, "file"),
      bytes: 4,
    });
  });

  test("may be a folder where a folder is wanted", async () => {
    expect((await inspectModelPath(join(root, "folder"), "folder")).path).toBe(join(root, "folder"));
  });

  test.each([
    ["absent", "file", "MODEL_NOT_FOUND", /There is no model at /],
    ["absent", "folder", "MODEL_NOT_FOUND", /There is no model at /],
    ["file/below", "file", "MODEL_NOT_FOUND", /There is no model at /],
    ["folder", "file", "MODEL_INVALID", /is a directory/],
    ["file", "folder", "MODEL_INVALID", /is not a directory/],
    ["empty", "file", "MODEL_INVALID", /is empty/],
    // Stands for every path that cannot be looked at; rights do not bind an administrator, a loop does.
    ["loop", "file", "MODEL_INVALID", /cannot be read/],
  ] as const)("%j, with a %s wanted, is %s", async (name, wanted, code, what) => {
    const error = await inspectModelPath(join(root, name), wanted).catch((reason: unknown) => reason);
    if (!BenchreportError.is(error, code)) throw new Error(`expected ${code}`, { cause: error });
    expect(error.message).toMatch(what);
    expect(error.message).toContain(join(root, name));
    expect(error.why).toBeTruthy();
    expect(error.fix).toBeTruthy();
  });

  test.skipIf(process.platform === "win32")("that is no regular file is refused", async () => {
    await expect(inspectModelPath("/dev/null", "file")).rejects.toThrow(/is not a regular file/);
  });
});
