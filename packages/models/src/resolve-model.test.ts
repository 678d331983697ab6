import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
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

  test("asked for by a call that was aborted before is not looked for", async () => {
    const reason = new Error("before");
    await expect(resolveModel({ model: "absent", accepts: "file", signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
