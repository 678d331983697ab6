import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BenchreportError } from "@benchreport/contract";

/** The part of node-llama-cpp's downloader that is used here. */
export interface ModelDownloader {
  download(options: { readonly signal?: AbortSignal }): Promise<string>;
  cancel(options: { readonly deleteTempFile: boolean }): Promise<void>;
}

/** node-llama-cpp's `createModelDownloader`. It asks the server for the sizes of the files; nothing is written yet. */
export type CreateModelDownloader = (options: {
  readonly modelUri: string;
  readonly dirPath: string;
  readonly fileName: string;
  readonly deleteTempFileOnCancel: boolean;
  readonly onProgress: (status: { readonly totalSize: number; readonly downloadedSize: number }) => void;
}) => Promise<ModelDownloader>;

/**
 * The downloader of an installed node-llama-cpp, beside this package or in the project that the user is in. Loading it
 * takes a second, so it is loaded only when something is to be downloaded; it starts no engine.
 *
 * @throws `DOWNLOAD_FAILED` with how to install it.
 */
export async function loadModelDownloader(model: string): Promise<CreateModelDownloader> {
  const tried: string[] = [];
  for (const load of [loadOwn, loadOfWorkingFolder]) {
    try {
      const { createModelDownloader } = await load();
      if (typeof createModelDownloader === "function") return createModelDownloader as CreateModelDownloader;
      tried.push("node-llama-cpp is installed, and has no createModelDownloader: it is older than version 3.");
    } catch (error) {
      tried.push(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }
  throw notInstalled(model, tried);
}

type Loaded = Readonly<Record<string, unknown>>;

function loadOwn(): Promise<Loaded> {
  return import("node-llama-cpp");
}

async function loadOfWorkingFolder(): Promise<Loaded> {
  const entry = createRequire(join(process.cwd(), "package.json")).resolve("node-llama-cpp");
  return (await import(pathToFileURL(entry).href)) as Loaded;
}

function notInstalled(model: string, tried: readonly string[]): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The model ${model} cannot be downloaded.`,
    why: "Models of Hugging Face come through node-llama-cpp's downloader, and node-llama-cpp is not installed here.",
    fix: "Install it in this folder with `npm install node-llama-cpp` and run again, or download the file yourself and pass its path with --model.",
    meta: { model, tried },
  });
}
