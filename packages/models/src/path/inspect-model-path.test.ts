import { execFileSync } from "node:child_process";
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
  await symlink(join(root, "gone"), join(root, "dangling"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("a model path", () => {
  test("is made absolute and measured", async () => {
    expect(await inspectModelPath(relative(".", join(root, "file")), "file")).toEqual({
      path: join(root, "file"),
      bytes: 4,
      parts: [join(root, "file")],
    });
  });

  test("may be a folder where a folder is wanted", async () => {
    expect((await inspectModelPath(join(root, "folder"), "folder")).path).toBe(join(root, "folder"));
  });

  test.each([
    ["absent", "file", "MODEL_NOT_FOUND", /There is no model at /],
    ["absent", "folder", "MODEL_NOT_FOUND", /There is no model at /],
    ["file/below", "file", "MODEL_NOT_FOUND", /There is no model at /],
    ["dangling", "file", "MODEL_NOT_FOUND", /There is no model at /],
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

  test("that is a link to nothing says where the link leads", async () => {
    await expect(inspectModelPath(join(root, "dangling"), "file")).rejects.toMatchObject({
      why: `It is a symbolic link to ${join(root, "gone")}, where there is nothing (any more).`,
    });
  });

  test.skipIf(process.platform === "win32")("that is no regular file is refused without a wait", async () => {
    const pipe = join(root, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of ["/dev/null", "/dev/zero", pipe]) {
      await expect(inspectModelPath(path, "file")).rejects.toThrow(/is not a regular file/);
    }
  });
});

describe("a split model", () => {
  const part = (index: number, parts = 3) => join(root, `model-0000${index}-of-0000${parts}.gguf`);

  test("is all its parts", async () => {
    for (const index of [1, 2, 3]) await writeFile(part(index), "four");
    expect(await inspectModelPath(part(1), "file")).toEqual({
      path: part(1),
      bytes: 12,
      parts: [part(1), part(2), part(3)],
    });
  });

  test("names the parts that are missing", async () => {
    await writeFile(part(1), "four");
    await expect(inspectModelPath(part(1), "file")).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      why: expect.stringContaining("model-00002-of-00003.gguf, model-00003-of-00003.gguf are missing"),
      meta: { missing: ["model-00002-of-00003.gguf", "model-00003-of-00003.gguf"] },
    });
  });

  test("names a few of very many missing parts", async () => {
    const first = join(root, "model-00001-of-99999.gguf");
    await writeFile(first, "four");
    const error: unknown = await inspectModelPath(first, "file").catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      why: expect.stringMatching(/model-00006-of-99999\.gguf and more are missing/),
    });
  });

  test("is opened by its first part", async () => {
    for (const index of [1, 2, 3]) await writeFile(part(index), "four");
    await expect(inspectModelPath(part(2), "file")).rejects.toMatchObject({
      code: "MODEL_INVALID",
      fix: `Pass --model ${part(1)}.`,
    });
  });

  test("with a part that is no file is refused", async () => {
    await writeFile(part(1, 2), "four");
    await mkdir(part(2, 2));
    await expect(inspectModelPath(part(1, 2), "file")).rejects.toThrow(`${part(2, 2)} is a directory`);
  });

  test.each(["model-00000-of-00003.gguf", "model-00004-of-00003.gguf", "model-00001-of-00001.gguf"])(
    "is not meant by %s, which is a file like others",
    async (name) => {
      await writeFile(join(root, name), "four");
      expect(await inspectModelPath(join(root, name), "file")).toMatchObject({ bytes: 4, parts: [join(root, name)] });
    },
  );
});
