import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** llama.cpp's libraries in one directory. */
export interface LibraryFiles {
  readonly directory: string;
  /** To be opened in this order: each needs those before it. */
  readonly paths: readonly string[];
  /** The release that the directory's build metadata name; `undefined` where there are none. */
  readonly release: string | undefined;
}

const METADATA_FILE = "_nlcBuildMetadata.json";

/** Looks at a directory. A text says why it can not be used. */
export async function readLibraryFiles(directory: string): Promise<LibraryFiles | string> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    return `can not be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  const llama = findLibrary(names, "llama");
  if (llama === undefined) return `holds no ${describeLibrary("llama")}`;
  const files = [findLibrary(names, "ggml-base"), findLibrary(names, "ggml"), llama];
  return {
    directory,
    paths: files.filter((name) => name !== undefined).map((name) => path.join(directory, name)),
    release: names.includes(METADATA_FILE) ? await readRelease(path.join(directory, METADATA_FILE)) : undefined,
  };
}

/** A library's file, whatever release its name includes: libllama.so, libllama.v0.5.0.so; not libllama-common.so. */
export function findLibrary(
  names: readonly string[],
  library: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const pattern = new RegExp(`^(lib)?${library}(\\.[^-]+)?\\.${extension(platform)}$`);
  // The plain name first: where both are, the other one is a link to it, or a leftover.
  return names.filter((name) => pattern.test(name)).sort((a, b) => a.length - b.length)[0];
}

function describeLibrary(library: string): string {
  return process.platform === "win32" ? `${library}.dll` : `lib${library}.${extension(process.platform)}`;
}

function extension(platform: NodeJS.Platform): string {
  if (platform === "win32") return "dll";
  return platform === "darwin" ? "dylib" : "so";
}

async function readRelease(file: string): Promise<string | undefined> {
  try {
    const metadata = JSON.parse(await readFile(file, "utf8")) as {
      buildOptions?: { llamaCpp?: { release?: unknown } };
    };
    const release = metadata.buildOptions?.llamaCpp?.release;
    return typeof release === "string" ? release : undefined;
  } catch {
    return undefined;
  }
}
