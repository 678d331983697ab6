/** A processor that the engine can compute on. */
export interface Device {
  readonly name: string;
  readonly description: string;
  readonly type: "cpu" | "gpu" | "integrated_gpu" | "accelerator" | "other";
  /** All of its memory, used or not. 0 where the engine does not know. */
  readonly memoryBytes: number;
}

/** One whole line that the engine logged. */
export interface LogLine {
  readonly level: "error" | "warning" | "information" | "debug";
  readonly text: string;
}

/** Which installed packages are looked at: the CPU's, one accelerator's, or (`auto`) CUDA's, Vulkan's and the CPU's. */
export type Accelerator = "cpu" | "cuda" | "vulkan" | "auto";

export interface LocateOptions {
  /** A directory of llama.cpp's libraries. Where given, nothing else is tried. */
  readonly binariesDirectory?: string | undefined;
  /** Default `"cpu"`. On Apple silicon the only package includes Metal. */
  readonly accelerator?: Accelerator | undefined;
}

export interface LoadLibraryOptions extends LocateOptions {
  /**
   * Gets the engine's log lines; the last function given in a thread wins. Without one they go nowhere, not to stderr.
   */
  readonly onLog?: ((line: LogLine) => void) | undefined;
}

export interface LoadModelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the loaded fraction, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Layers computed by an accelerator; -1 for all. Default 0. */
  readonly gpuLayers?: number | undefined;
  /** Map the file instead of copying it into memory. Default true. */
  readonly memoryMap?: boolean | undefined;
  /** Refuse a file that this machine has no memory for. Default true. */
  readonly checkMemory?: boolean | undefined;
}
