import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CreateModelDownloader, loadModelDownloader } from "../src/hugging-face/model-downloader.ts";
import type { LoadModelDownloader } from "../src/hugging-face/provide-hugging-face-model.ts";
import type { ModelProgress } from "../src/model-progress.ts";
import type { ModelRequest } from "../src/model-request.ts";
import { resolveModelFrom } from "../src/resolve-model.ts";
import { tinyModel } from "./tiny-wheel.ts";

const content = Buffer.alloc(200_000, "what a repository holds ");
const digest = createHash("sha256").update(content).digest("hex");

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport hf "));
  folder = join(root, "cache", "models", "hf", "owner", "repo", "main");
  vi.stubEnv("BENCHREPORT_CACHE", join(root, "cache"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe("a model of Hugging Face", () => {
  test("is downloaded into the cache, with progress and its digest", async () => {
    const { downloader, asked } = deliver();
    const progress: ModelProgress[] = [];
    const resolved = await resolve("hf:owner/repo/sub/model.gguf", downloader, {
      onProgress: (step) => void progress.push(step),
    });
    const path = join(folder, "sub", "model.gguf");
    expect(resolved).toEqual({ name: "model.gguf", path, digest, bytes: content.length });
    expect(asked).toEqual(["hf:owner/repo/sub/model.gguf"]);
    expect(progress.filter(({ stage }) => stage === "download").map(({ fraction }) => fraction)).toEqual([
      undefined,
      0.5,
      1,
    ]);
    expect(await readdir(join(folder, "sub"))).toEqual(["model.gguf"]);
  });

  test("is taken from the cache without its downloader, also offline", async () => {
    const { downloader } = deliver();
    await resolve("hf:owner/repo/model.gguf", downloader);
    expect(await resolve("hf:owner/repo/model.gguf", undefined, { offline: true })).toMatchObject({ digest });
  });

  test("of another revision is another file", async () => {
    const { downloader, asked } = deliver();
    await resolve("hf:owner/repo/model.gguf", downloader);
    await resolve("hf:owner/repo/model.gguf#v2", downloader);
    expect(asked).toEqual(["hf:owner/repo/model.gguf", "hf:owner/repo/model.gguf#v2"]);
  });

  test("is not downloaded offline: the error says where a copy would be looked for", async () => {
    const { downloader, asked } = deliver();
    await expect(resolve("hf:owner/repo/model.gguf", downloader, { offline: true })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      why: expect.stringContaining(join(folder, "model.gguf")),
      fix: expect.stringMatching(/without --offline.*--model FILE/),
    });
    expect(asked).toEqual([]);
  });

  test("whose download fails says why and what to check", async () => {
    const fail = () => Promise.reject(new Error("Status code 404"));
    await expect(resolve("hf:owner/repo/model.gguf", fail)).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      why: "Status code 404",
      fix: expect.stringContaining("HF_TOKEN"),
    });
  });

  test("that its downloader did not deliver is an error", async () => {
    const nothing: CreateModelDownloader = async () => ({ download: async () => "", cancel: async () => undefined });
    await expect(resolve("hf:owner/repo/model.gguf", nothing)).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
  });

  test("can be aborted while a server is asked, and what comes late is given up", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const cancel = vi.fn(async () => undefined);
    const late: CreateModelDownloader = async () => {
      controller.abort(reason);
      return { download: () => new Promise(() => undefined), cancel };
    };
    await expect(resolve("hf:owner/repo/model.gguf", late, { signal: controller.signal })).rejects.toBe(reason);
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
  });

  test("asked for twice at once is downloaded once", async () => {
    const { downloader, asked } = deliver();
    const waits: string[] = [];
    const onProgress = ({ stage, text }: ModelProgress) => void (stage === "wait" && waits.push(text));
    const model = "hf:owner/repo/model.gguf";
    await Promise.all([resolve(model, downloader, { onProgress }), resolve(model, downloader, { onProgress })]);
    expect(asked).toHaveLength(1);
    expect(waits).toEqual(["Waiting for another process that downloads model.gguf"]);
  });

  test("in a cache that takes no folders is an error", async () => {
    await writeFile(join(root, "file"), "");
    vi.stubEnv("BENCHREPORT_CACHE", join(root, "file"));
    await expect(resolve("hf:owner/repo/model.gguf", deliver().downloader)).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      fix: expect.stringContaining("BENCHREPORT_CACHE"),
    });
  });
});

describe("node-llama-cpp's downloader", () => {
  const parts = [1, 2].map((index) => `split-0000${index}-of-00002.gguf`);
  let server: Server;
  let requests: string[];

  beforeEach(async () => {
    requests = [];
    server = await listen((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (!/\.gguf/.test(request.url ?? "") || /absent/.test(request.url ?? "")) return response.writeHead(404).end();
      const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
      const end = to === undefined || to === "" ? content.length : Number(to) + 1;
      const body = content.subarray(Number(from ?? 0), end);
      const range = from === undefined ? {} : { "content-range": `bytes ${from}-${end - 1}/${content.length}` };
      response.writeHead(from === undefined ? 200 : 206, {
        "content-length": body.length,
        "accept-ranges": "bytes",
        ...range,
      });
      response.end(request.method === "HEAD" ? undefined : body);
    });
    vi.stubEnv("MODEL_ENDPOINT", `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  test("puts a file where it is looked for the next time", async () => {
    const resolved = await resolve("hf:owner/repo/sub/model.gguf#v1", undefined, {}, loadModelDownloader);
    expect(resolved).toMatchObject({ digest, bytes: content.length });
    expect(requests[0]).toContain("/owner/repo/resolve/v1/sub/model.gguf");
    const before = requests.length;
    await resolve("hf:owner/repo/sub/model.gguf#v1", undefined, {}, loadModelDownloader);
    expect(requests).toHaveLength(before);
    expect(await readdir(join(resolved?.path ?? "", ".."))).toEqual(["model.gguf"]);
  });

  test("brings all parts of a split model", async () => {
    const resolved = await resolve(`hf:owner/repo/${parts[0]}`, undefined, {}, loadModelDownloader);
    expect(resolved).toMatchObject({ name: parts[0], bytes: 2 * content.length });
    expect((await readdir(folder)).toSorted()).toEqual(parts);
  });

  test("says so when there is no such file", { timeout: 60_000 }, async () => {
    await expect(resolve("hf:owner/repo/absent.gguf", undefined, {}, loadModelDownloader)).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      why: expect.stringContaining("404"),
    });
    expect(existsSync(join(folder, "absent.gguf"))).toBe(false);
  });
});

/** A downloader that touches no network. */
function deliver(): { downloader: CreateModelDownloader; asked: string[] } {
  const asked: string[] = [];
  const downloader: CreateModelDownloader = async ({ modelUri, dirPath, fileName, onProgress }) => {
    asked.push(modelUri);
    return {
      async download() {
        onProgress({ totalSize: 0, downloadedSize: 0 });
        onProgress({ totalSize: content.length, downloadedSize: content.length / 2 });
        await new Promise((done) => setTimeout(done, 50));
        onProgress({ totalSize: content.length, downloadedSize: content.length });
        await mkdir(dirPath, { recursive: true });
        await writeFile(join(dirPath, fileName), content);
        return join(dirPath, fileName);
      },
      cancel: async () => undefined,
    };
  };
  return { downloader, asked };
}

function resolve(
  model: string,
  downloader: CreateModelDownloader | undefined,
  request: Partial<ModelRequest> = {},
  loadDownloader: LoadModelDownloader = async () => {
    if (downloader === undefined) throw new Error("the downloader was asked for");
    return downloader;
  },
) {
  return resolveModelFrom({ defaultModel: tinyModel, loadDownloader }, { accepts: "file", model, ...request });
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}
