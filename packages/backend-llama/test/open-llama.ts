import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Backend,
  createManifest,
  type DecodeConfig,
  type DecodeEvent,
  type PrefixInput,
  type Session,
  type SuffixInput,
  type TokenEvent,
} from "@benchreport/contract";
import { createTinyModel } from "@benchreport/llama-kv/tiny-model";
import { expect } from "vitest";
import { backend } from "../src/index.ts";

/**
 * The default model, as `npx pnpm@12 test` fetches it into the user's cache; another file in BENCHREPORT_TEST_MODEL.
 */
export const modelPath: string =
  process.env["BENCHREPORT_TEST_MODEL"] ||
  join(process.env["BENCHREPORT_CACHE"] || userCache(), "models", "SmolLM2-135M-Instruct.Q4_1.gguf");

/** llama.cpp with the default model; one thread, so that a busy machine does not slow the tests by a multiple. */
export function openLlama(settings: Readonly<Record<string, unknown>> = {}): Promise<Backend> {
  return backend.createBackend({
    settings: { threads: 1, ubatchTokens: 32, ...settings },
    model: { name: "SmolLM2", path: modelPath, digest: "digest of the test model" },
  });
}

/** llama.cpp with a generated model of this kind of memory, written into a folder of its own. */
export async function openTiny(
  memory: "full" | "sliding_window" | "recurrent" | "hybrid",
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), "benchreport-tiny-"));
  try {
    const path = join(folder, `${memory}.gguf`);
    await writeFile(path, createTinyModel({ memory, seed: 7 }));
    return await backend.createBackend({
      settings: { threads: 1, ubatchTokens: 32, memoryMap: false, ...settings },
      model: { name: `tiny ${memory}`, path, digest: `digest of tiny ${memory}` },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Inputs of a turn as the runner would build them. */
export function turn(engine: Backend, stable: string, suffix: string): { prefix: PrefixInput; suffix: SuffixInput } {
  const part = (name: string, text: string) => (text === "" ? [] : [{ kind: name, name, text }]);
  const manifest = createManifest(engine.describe().identity, {
    stable: part("stable", stable),
    volatile: part("question", suffix),
  });
  return { prefix: { text: stable, manifest }, suffix: { text: suffix, manifest } };
}

export const answer: DecodeConfig = { maxTokens: 12, ignoreEndOfGeneration: true, logProbabilities: true };

/** Decodes to the end. */
export async function decodeAll(session: Session, config: DecodeConfig = answer): Promise<DecodeEvent[]> {
  const events: DecodeEvent[] = [];
  for await (const event of session.decode(config)) events.push(event);
  return events;
}

/** What two equal answers have in common to the last bit. */
export function bits(events: readonly DecodeEvent[]): unknown {
  const tokens = events.filter((event): event is TokenEvent => event.type === "token");
  return tokens.map(({ id, text, logProbability, margin }) => [id, text, logProbability, margin]);
}

/** Begins a prefix and aborts it once a chunk is done. */
export async function abortInPrefix(engine: Backend, session: Session, stable: string): Promise<void> {
  const controller = new AbortController();
  const call = session.ensurePrefix(turn(engine, stable, "").prefix, { signal: controller.signal });
  while ((session.explainContext().work.prefillTokens ?? 0) === 0) await new Promise(setImmediate);
  controller.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
}

/** Takes a turn and gives its answer. */
export async function takeTurn(engine: Backend, session: Session, stable: string, suffix: string): Promise<unknown> {
  const input = turn(engine, stable, suffix);
  await session.ensurePrefix(input.prefix);
  if (suffix !== "") await session.prefillSuffix(input.suffix);
  return bits(await decodeAll(session));
}

/** The answer of a fresh session. */
export async function coldAnswer(engine: Backend, stable: string, suffix: string): Promise<unknown> {
  await using session = await engine.openSession({ contextTokens: 512 });
  return await takeTurn(engine, session, stable, suffix);
}

function userCache(): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "benchreport");
  if (process.platform === "win32") {
    return join(process.env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local"), "benchreport", "Cache");
  }
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "benchreport");
}
