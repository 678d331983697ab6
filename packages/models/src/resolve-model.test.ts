import { createHash } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { resolveModel } from "./resolve-model.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport resolve "));
  vi.stubEnv("BENCHREPORT_CACHE", join(root, "cache"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe("a model", () => {
  test("given as a file comes with its name, size and digest", async () => {
    const path = join(root, "mödel.gguf");
    await writeFile(path, "content");
    const stages = new Set<string>();
    const resolved = await resolveModel({
      model: path,
      accepts: "file",
      onProgress: ({ stage }) => stages.add(stage),
    });
    const digest = createHash("sha256").update("content").digest("hex");
    expect(resolved).toEqual({ name: "mödel.gguf", path, digest, bytes: 7 });
    expect([...stages]).toEqual(["hash"]);
  });

  test("given as a file needs no cache folder", async () => {
    const path = join(root, "model.gguf");
    await writeFile(path, "content");
    vi.stubEnv("BENCHREPORT_CACHE", join(path, "below"));
    expect(await resolveModel({ model: path, accepts: "file" })).toMatchObject({ bytes: 7 });
  });

  test.skipIf(process.platform === "win32")("that this user may not read is refused", async () => {
    const path = join(root, "model.gguf");
    await writeFile(path, "content");
    await chmod(root, 0o755);
    await chmod(path, 0o000);
    await expect(withoutPrivileges(() => resolveModel({ model: path, accepts: "file" }))).rejects.toMatchObject({
      code: "MODEL_INVALID",
      message: `The model at ${path} cannot be read.`,
      why: "Permission denied (EACCES).",
    });
  });

  test("given as a folder comes with its path alone", async () => {
    expect(await resolveModel({ model: `${root}/`, accepts: "folder" })).toEqual({
      name: root.split("/").at(-1),
      path: root,
      digest: undefined,
      bytes: undefined,
    });
  });

  test("given as a name is that name", async () => {
    expect(await resolveModel({ model: "owner/model", accepts: "name" })).toMatchObject({
      name: "owner/model",
      path: undefined,
    });
  });

  test("is nothing for an engine that takes none", async () => {
    expect(await resolveModel({ accepts: "none" })).toBeUndefined();
    expect(await resolveModel({ model: "absent", accepts: "none" })).toBeUndefined();
  });

  test.each(["folder", "name"] as const)("has no default for an engine that takes a %s", async (accepts) => {
    await expect(resolveModel({ accepts })).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      fix: expect.stringContaining(accepts.toUpperCase()),
    });
  });

  test.each([
    ["https://example.org/model.gguf", /^Download the file and pass its path/],
    ["ftp://example.org/model.gguf", /^Download the file and pass its path/],
    [
      "https://huggingface.co/owner/some-repo/resolve/main/sub/model.Q4_0.gguf?download=true",
      /^Pass --model hf:owner\/some-repo\/sub\/model\.Q4_0\.gguf, or/,
    ],
    ["https://hf.co/owner/repo/blob/v1/model.gguf", /^Pass --model hf:owner\/repo\/model\.gguf#v1, or/],
  ])("given as the address %s is refused with what to do instead", async (model, fix) => {
    await expect(resolveModel({ model, accepts: "file" })).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: `The model ${model} is an address, not a file.`,
      fix: expect.stringMatching(fix),
    });
  });

  test("given as an address is a name to an engine that takes names", async () => {
    expect(await resolveModel({ model: "https://host/model", accepts: "name" })).toMatchObject({ path: undefined });
  });

  test("of Hugging Face is no folder", async () => {
    await expect(resolveModel({ model: "hf:owner/repo/model.gguf", accepts: "folder" })).rejects.toMatchObject({
      code: "MODEL_INVALID",
    });
  });

  test("in parts comes with the size of all and a digest that every part changes", async () => {
    const parts = ["model-00001-of-00002.gguf", "model-00002-of-00002.gguf"].map((name) => join(root, name));
    for (const part of parts) await writeFile(part, "content");
    const [model = "", second = ""] = parts;
    const before = await resolveModel({ model, accepts: "file" });
    expect(before).toMatchObject({ name: "model-00001-of-00002.gguf", path: model, bytes: 14 });
    const one = createHash("sha256").update("content").digest("hex");
    expect(before?.digest).toBe(createHash("sha256").update(`${one}\n${one}`).digest("hex"));
    await writeFile(second, "another");
    expect((await resolveModel({ model, accepts: "file" }))?.digest).not.toBe(before?.digest);
  });

  test("asked for by a call that was aborted before is not looked for", async () => {
    const reason = new Error("before");
    await expect(resolveModel({ model: "absent", accepts: "file", signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

/** Rights do not bind an administrator, and tests in a container run as one: for a while, this process is nobody. */
async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.("nobody");
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
