import {
  type Backend,
  type BackendDescription,
  type BackendModule,
  BenchreportError,
  type Capabilities,
  type CreateOptions,
  type OpenSessionOptions,
  type Session,
} from "@benchreport/contract";
import { assertWellFormed } from "@benchreport/contract/adapter";
import { tokenize } from "./engine/tokenizer.ts";
import { VirtualClock } from "./engine/virtual-clock.ts";
import { mapCapabilities } from "./map-capabilities.ts";
import { mapDescription } from "./map-description.ts";
import { engineName, engineVersion } from "./memory-facts.ts";
import { MemorySession } from "./memory-session.ts";
import { type MemorySettings, memorySettingsSchema, parseMemorySettings } from "./memory-settings.ts";

/** The memory engine, loaded. */
export class MemoryBackend implements Backend {
  readonly specificationVersion = "v1";
  readonly name: string = engineName;
  readonly capabilities: Capabilities;
  readonly clock: () => bigint;
  readonly #settings: MemorySettings;
  readonly #clock: VirtualClock;
  readonly #sessions = new Set<Session>();
  #closed = false;

  constructor(settings: MemorySettings) {
    this.#settings = settings;
    this.#clock = new VirtualClock(settings.noise, settings.noiseSeed);
    this.clock = () => this.#clock.now();
    const capabilities = mapCapabilities(settings);
    this.capabilities = Object.freeze({ ...capabilities, reuse: Object.freeze(capabilities.reuse) });
  }

  describe(): BackendDescription {
    return mapDescription(this.#settings);
  }

  async tokenize(text: string, options: { readonly start: boolean }): Promise<readonly number[]> {
    assertWellFormed(text);
    return tokenize(text, options.start && this.#settings.addBos && text !== "");
  }

  async openSession(options: OpenSessionOptions = {}): Promise<Session> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw backendClosed();
    const { maxSessions, maxContextTokens } = this.#settings;
    if (maxSessions !== undefined && this.#sessions.size >= maxSessions) throw tooManySessions(maxSessions);
    const contextTokens = checkContextTokens(options.contextTokens ?? this.#settings.contextTokens, maxContextTokens);
    const session: MemorySession = new MemorySession({
      contextTokens,
      identity: this.describe().identity,
      settings: this.#settings,
      clock: this.#clock,
      onClose: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** What the command line finds this engine by. */
export const backend: BackendModule = {
  specificationVersion: "v1",
  name: engineName,
  summary: "Simulated engine with a virtual clock: the reference for adapter authors, not a measurement of anything.",
  model: "none",
  settingsSchema: memorySettingsSchema,
  async createBackend(options: CreateOptions): Promise<MemoryBackend> {
    options.signal?.throwIfAborted();
    return new MemoryBackend(parseMemorySettings(options.settings));
  },
  async diagnose() {
    const findings = [{ what: "runs wherever Node does", ok: true, fix: undefined }];
    return { usable: true, version: engineVersion, devices: ["virtual"], findings };
  },
};

function checkContextTokens(contextTokens: number, maxContextTokens: number): number {
  if (!Number.isSafeInteger(contextTokens) || contextTokens < 1) {
    throw new TypeError(`contextTokens must be a whole number of at least 1, not ${String(contextTokens)}`);
  }
  if (contextTokens <= maxContextTokens) return contextTokens;
  throw new BenchreportError("INSUFFICIENT_MEMORY", {
    what: `A session of ${contextTokens} tokens is more than the memory engine opens.`,
    why: `Its largest session has ${maxContextTokens} tokens.`,
    fix: "Ask for fewer contextTokens, or raise the setting maxContextTokens.",
    meta: { contextTokens, maxContextTokens },
  });
}

function tooManySessions(maxSessions: number): BenchreportError {
  return new BenchreportError("TOO_MANY_SESSIONS", {
    what: `No more than ${maxSessions} sessions can be open at once.`,
    why: "The setting maxSessions says so.",
    fix: "Close a session before opening another.",
    meta: { maxSessions },
  });
}

function backendClosed(): BenchreportError {
  return new BenchreportError("SESSION_CLOSED", { what: "The backend is closed.", fix: "Create a new one." });
}
