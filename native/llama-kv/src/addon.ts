import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { EffectiveContextOptions, WorkCounts } from "./context-options.ts";
import { LlamaKvError } from "./errors.ts";
import { readInstallRecord } from "./install-record.ts";
import type { Device } from "./library-options.ts";
import type { ModelFacts } from "./model-facts.ts";

// The only description of the native module. Everything else reaches it through these types.

export interface NativeAbortFlag {
  raise(): void;
}

export interface NativeLibrary {
  readonly directory: string;
  readonly version: string;
  readonly systemInformation: string;
  readonly devices: readonly Device[];
}

export interface NativeModelOptions {
  readonly gpuLayers: number;
  readonly memoryMap: boolean;
}

export interface NativeModel {
  load(
    path: string,
    options: NativeModelOptions,
    abort: NativeAbortFlag,
    onProgress: ((fraction: number) => void) | undefined,
  ): Promise<ModelFacts>;
  metadata(): Record<string, string>;
  tokenize(text: string, addSpecial: boolean, parseSpecial: boolean): Promise<Int32Array>;
  detokenize(tokens: Int32Array, renderSpecial: boolean): string;
  piece(token: number, renderSpecial: boolean): Uint8Array;
  kvBytesPerToken(kvCacheTypeK: string, kvCacheTypeV: string): number | undefined;
  createContext(options: NativeContextOptions): NativeContext;
  close(): Promise<void>;
}

export interface NativeContextOptions {
  readonly sequences: number;
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly ubatchTokens: number;
  readonly threads: number;
  readonly prefillThreads: number;
  readonly flashAttention: boolean | "auto";
  readonly kvCacheTypeK: string;
  readonly kvCacheTypeV: string;
}

export interface NativePrefillResult {
  readonly evaluatedTokens: number;
  readonly calls: number;
  readonly residentTokens: number;
}

export interface NativeGenerateOptions {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  readonly logProbabilities: boolean;
  readonly ignoreEndOfGeneration: boolean;
}

export type NativeOnToken = (
  id: number,
  piece: Uint8Array,
  at: bigint,
  logProbability: number | undefined,
  margin: number | undefined,
) => void;

export interface NativeGenerateResult {
  readonly reason: "stop" | "length" | "context_full" | "aborted";
  readonly at: bigint;
  readonly generatedTokens: number;
  readonly evaluatedTokens: number;
}

export interface NativeContext {
  open(): Promise<EffectiveContextOptions>;
  prefill(
    tokens: Int32Array,
    sequence: number,
    grid: "position" | "call",
    abort: NativeAbortFlag,
  ): Promise<NativePrefillResult>;
  evaluate(token: number, sequence: number, abort: NativeAbortFlag): Promise<void>;
  generate(
    options: NativeGenerateOptions,
    sequence: number,
    abort: NativeAbortFlag,
    onToken: NativeOnToken,
  ): Promise<NativeGenerateResult>;
  trim(keepTokens: number, sequence: number): Promise<void>;
  shift(from: number, count: number, sequence: number): Promise<void>;
  copy(source: number, destination: number): Promise<void>;
  keep(sequence: number): Promise<void>;
  clear(): Promise<void>;
  saveState(sequence: number): Promise<Uint8Array>;
  /** Resolves to the tokens that are resident now. */
  loadState(bytes: Uint8Array, sequence: number): Promise<number>;
  stateSize(sequence: number): Promise<number>;
  positions(sequence: number): Promise<{ readonly minimum: number; readonly maximum: number } | undefined>;
  keptLogits(sequence: number): Promise<Float32Array | undefined>;
  setLogits(logits: Float32Array, sequence: number): Promise<void>;
  residentTokens(sequence: number): number;
  work(): WorkCounts;
  close(): Promise<void>;
}

/** Exported by the testing build only. */
export interface NativeTesting {
  install(): void;
  takeCalls(): readonly {
    readonly tokens: number;
    readonly firstPosition: number;
    readonly sequence: number;
    readonly logits: number;
    readonly lastLogits: boolean;
    readonly code: number;
  }[];
  answerNext(codes: readonly number[]): void;
}

export interface NativeAddon {
  readonly release: string;
  readonly AbortFlag: new () => NativeAbortFlag;
  openLibrary(files: { readonly directory: string; readonly paths: readonly string[] }): NativeLibrary;
  setLog(callback: ((level: string, text: string) => void) | undefined): void;
  shutDown(): void;
  createModel(): NativeModel;
  readonly testing?: NativeTesting;
}

let loaded: NativeAddon | undefined;

/**
 * The native module, loaded at the first use. `LLAMA_KV_ADDON` names another file than the package's own.
 *
 * @throws {LlamaKvError} ADDON_NOT_BUILT.
 */
export function loadAddon(): NativeAddon {
  if (loaded !== undefined) return loaded;
  // From src/ and from dist/ alike.
  const file =
    process.env["LLAMA_KV_ADDON"] || fileURLToPath(new URL("../build/Release/llama_kv.node", import.meta.url));
  if (!existsSync(file)) throw addonNotBuilt(file, undefined);
  let addon: NativeAddon;
  try {
    addon = createRequire(import.meta.url)(file) as NativeAddon;
  } catch (error) {
    throw addonNotBuilt(file, error);
  }
  // process.exit() skips the environment's clean-up: the C runtime would tear the engine down under a thread that
  // computes.
  process.once("exit", () => addon.shutDown());
  loaded = addon;
  return addon;
}

function whyNotInstalled(): string {
  const record = readInstallRecord();
  if (record === undefined)
    return "The package's install script has not run: package managers may want it to be allowed.";
  return `At installation ${record}`;
}

function addonNotBuilt(file: string, cause: unknown): LlamaKvError {
  return new LlamaKvError("ADDON_NOT_BUILT", {
    message: `The native addon ${file} ${cause === undefined ? "is not there" : "can not be loaded"}.`,
    why: cause instanceof Error ? cause.message : whyNotInstalled(),
    fix: "Install CMake and a C++17 compiler and run `npm rebuild @benchreport/llama-kv --foreground-scripts`; in the repository: pnpm run build.",
    meta: { file, platform: process.platform, arch: process.arch },
    cause,
  });
}
