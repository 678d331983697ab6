import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { BenchreportError, type CreateOptions } from "@benchreport/contract";
import {
  type ContextOptions,
  type EffectiveContextOptions,
  LlamaKvError,
  type LlamaModel,
  loadLibrary,
} from "@benchreport/llama-kv";
import { convertError, converted } from "./convert-error.ts";
import { countUsableCores } from "./count-cores.ts";
import { LlamaBackend } from "./llama-backend.ts";
import { type LlamaSettings, parseLlamaSettings } from "./llama-settings.ts";
import { chooseReusePolicy } from "./reuse-policy.ts";

/** The smallest context that the engine makes. */
const smallestContextTokens = 256;

/** Loads library and model, and reads back what the engine made of the settings. */
export async function createLlamaBackend(options: CreateOptions): Promise<LlamaBackend> {
  const settings = parseLlamaSettings(options.settings);
  const path = options.model?.path;
  if (path === undefined) throw modelMissing();
  const library = await converted(() => loadLibrary({ binariesDirectory: settings.binariesDirectory }));
  const { signal, onProgress } = options;
  const { memoryMap, checkMemory } = settings;
  const model = await converted(() => library.loadModel(path, { signal, onProgress, memoryMap, checkMemory }));
  try {
    assertSupported(model);
    const contextOptions = mapContextOptions(settings);
    const effective = await readEffective(model, contextOptions);
    const digest = options.model?.digest ?? (await digestFile(path, signal));
    const { size } = await stat(path);
    return new LlamaBackend({
      model,
      contextOptions,
      defaultContextTokens: settings.contextTokens,
      engine: {
        release: library.release,
        device: "CPU",
        model: { name: options.model?.name ?? path, digest, bytes: size },
        facts: model.facts,
        effective,
        policy: chooseReusePolicy(settings.reuse, model.facts.memory),
        usableCores: countUsableCores(),
      },
    });
  } catch (error) {
    await model.close();
    throw error;
  }
}

function mapContextOptions(settings: LlamaSettings): Omit<ContextOptions, "contextTokens"> {
  const { ubatchTokens, flashAttention, kvCacheTypeK, kvCacheTypeV, checkMemory } = settings;
  return {
    ubatchTokens,
    threads: settings.threads ?? countUsableCores(),
    flashAttention: flashAttention === "auto" ? "auto" : flashAttention === "on",
    kvCacheTypeK,
    kvCacheTypeV,
    checkMemory,
  };
}

/** Opens a context to read settings back; large enough for a whole step, since the engine shortens those that are not. */
async function readEffective(
  model: LlamaModel,
  options: Omit<ContextOptions, "contextTokens">,
): Promise<EffectiveContextOptions> {
  try {
    const contextTokens = Math.max(smallestContextTokens, options.ubatchTokens ?? 0);
    await using probe = await model.createContext({ ...options, contextTokens });
    return probe.effective;
  } catch (error) {
    if (!LlamaKvError.is(error) || error.code !== "CONTEXT_FAILED") throw convertError(error);
    throw new BenchreportError("SETTINGS_INVALID", {
      what: "llama.cpp cannot open a context with these settings.",
      why: error.why ?? error.message,
      fix: "Change kvCacheTypeK, kvCacheTypeV, flashAttention or ubatchTokens.",
      meta: { setting: "context" },
      cause: error,
    });
  }
}

function assertSupported({ facts }: LlamaModel): void {
  if (facts.hasDecoder && !facts.hasEncoder) return;
  throw new BenchreportError("UNSUPPORTED_FEATURE", {
    what: `Models of this kind are not supported: ${facts.architecture}.`,
    why: "It does not generate text one token after another.",
    fix: "Use a decoder model, for example the default one.",
    meta: { architecture: facts.architecture },
  });
}

function modelMissing(): BenchreportError {
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: "No model file was given.",
    why: "llama.cpp needs a GGUF file.",
    fix: "Pass --model FILE.gguf.",
  });
}

async function digestFile(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
