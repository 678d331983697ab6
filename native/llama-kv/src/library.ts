import { stat } from "node:fs/promises";
import { loadAddon, type NativeLibrary } from "./addon.ts";
import { LlamaKvError } from "./errors.ts";
import type { LibraryFiles } from "./library-files.ts";
import type { Device, LoadLibraryOptions, LoadModelOptions, LogLine } from "./library-options.ts";
import { type LocateResult, locateBinaries } from "./locate-binaries.ts";
import { requireMemory } from "./memory/require-memory.ts";
import { LlamaModel } from "./model.ts";
import { requireBoolean, requireFunction, requireInteger, requireString } from "./require.ts";
import { callNative, runAbortable } from "./run-abortable.ts";

/** llama.cpp, opened for this process. It stays open until the process ends. */
export class LlamaLibrary {
  /** The release of llama.cpp, such as `v0.5.0`. */
  readonly release: string;
  readonly directory: string;
  readonly devices: readonly Device[];
  /** Which instructions of the processor the engine uses, in the engine's words. */
  readonly systemInformation: string;

  /** @internal Use {@link loadLibrary}. */
  constructor(release: string, native: NativeLibrary) {
    this.release = release;
    this.directory = native.directory;
    this.devices = native.devices;
    this.systemInformation = native.systemInformation;
  }

  /**
   * Checks a GGUF file's structure and loads it.
   *
   * @throws {LlamaKvError} INSUFFICIENT_MEMORY before anything is allocated; MODEL_… with what is wrong with the file. Rejects with the signal's reason after an abort.
   */
  async loadModel(path: string, options: LoadModelOptions = {}): Promise<LlamaModel> {
    requireString("path", path);
    if (path === "" || path.includes("\0")) throw new TypeError("path must be a file's path.");
    const gpuLayers = requireInteger("gpuLayers", options.gpuLayers ?? 0, -1, MAXIMUM_LAYERS);
    const memoryMap = requireBoolean("memoryMap", options.memoryMap ?? true);
    const onProgress = requireFunction("onProgress", options.onProgress);
    if (requireBoolean("checkMemory", options.checkMemory ?? true)) await requireMemoryForWeights(path);
    return runAbortable(options.signal, async (abort) => {
      const native = loadAddon().createModel();
      try {
        const facts = await native.load(path, { gpuLayers, memoryMap }, abort, onProgress);
        return new LlamaModel(native, facts, memoryMap ? facts.sizeBytes : 0);
      } catch (error) {
        await native.close();
        throw error;
      }
    });
  }
}

/** A file that can not be looked at is refused with better words when it is read. */
async function requireMemoryForWeights(path: string): Promise<void> {
  const bytes = await stat(path).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
  requireMemory({
    what: "The model's weights need",
    bytes,
    fix: "Use a smaller or more strongly quantised model, or pass checkMemory: false.",
    meta: { weightBytes: bytes },
  });
}

const MAXIMUM_LAYERS = 2 ** 31 - 1;

let opened: LlamaLibrary | undefined;

/**
 * Opens llama.cpp. Further calls for the same directory give the same library; a process can not open a second one.
 *
 * @throws {LlamaKvError} ADDON_NOT_BUILT, LIBRARY_NOT_FOUND (with the places tried), LIBRARY_RELEASE_MISMATCH,
 * LIBRARY_LOAD_FAILED, LIBRARY_ALREADY_LOADED.
 */
export async function loadLibrary(options: LoadLibraryOptions = {}): Promise<LlamaLibrary> {
  const onLog = requireFunction("onLog", options.onLog);
  const files = requireFound(await locateBinaries(options));
  const addon = loadAddon();
  if (onLog !== undefined) addon.setLog((level, text) => onLog({ level: level as LogLine["level"], text }));
  const native = callNative(() => addon.openLibrary({ directory: files.directory, paths: files.paths }));
  opened ??= new LlamaLibrary(addon.release, native);
  return opened;
}

function requireFound(result: LocateResult): LibraryFiles {
  if (result.found !== undefined) return result.found;
  const { tried, expectedRelease } = result;
  const mismatch = tried.find((attempt) => attempt.release !== undefined && attempt.release !== expectedRelease);
  const places = tried.map(({ source, directory, outcome }) =>
    `${source}: ${directory ?? ""} ${outcome}`.replace("  ", " "),
  );
  if (mismatch !== undefined) {
    throw new LlamaKvError("LIBRARY_RELEASE_MISMATCH", {
      message: `llama.cpp ${mismatch.release} is in ${mismatch.directory}, but this addon was built for ${expectedRelease}.`,
      why: "Structures that go by value change between releases.",
      fix: `Install libraries of release ${expectedRelease}, or build the addon against ${mismatch.release}.`,
      meta: { found: mismatch.release, expected: expectedRelease, tried },
    });
  }
  throw new LlamaKvError("LIBRARY_NOT_FOUND", {
    message: "llama.cpp's libraries were not found.",
    why: places.length === 0 ? `There is no package for ${process.platform} ${process.arch}.` : places.join("; "),
    fix: "Install without --omit=optional, or name a directory in LLAMA_KV_BINARIES.",
    meta: { expected: expectedRelease, tried },
  });
}
