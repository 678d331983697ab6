import type { Backend, BackendDescription, Capabilities, OpenSessionOptions, Session } from "@benchreport/contract";
import { assertWellFormed, sessionClosed } from "@benchreport/contract/adapter";
import type { ContextOptions, LlamaModel } from "@benchreport/llama-kv";
import { converted } from "./convert-error.ts";
import { LlamaSession } from "./llama-session.ts";
import { mapCapabilities } from "./map-capabilities.ts";
import { type DescribedEngine, mapDescription } from "./map-description.ts";

export interface LlamaBackendOptions {
  readonly model: LlamaModel;
  readonly engine: DescribedEngine;
  /** What every context is opened with, but for its size. */
  readonly contextOptions: Omit<ContextOptions, "contextTokens">;
  /** Size of a session that asks for none. */
  readonly defaultContextTokens: number;
}

/** A model loaded in llama.cpp; each session is a context of its own. */
export class LlamaBackend implements Backend {
  readonly specificationVersion = "v1";
  readonly name = "llama";
  readonly clock = undefined;
  readonly capabilities: Capabilities;
  readonly #options: LlamaBackendOptions;
  readonly #description: BackendDescription;
  readonly #sessions = new Set<LlamaSession>();
  #closing: Promise<void> | undefined;

  constructor(options: LlamaBackendOptions) {
    this.#options = options;
    this.#description = mapDescription(options.engine);
    const { facts, effective, policy } = options.engine;
    this.capabilities = mapCapabilities(facts, effective, policy);
  }

  describe(): BackendDescription {
    return this.#description;
  }

  async tokenize(text: string, options: { readonly start: boolean }): Promise<readonly number[]> {
    assertWellFormed(text);
    return Array.from(await this.#tokenize(text, options.start && text !== ""));
  }

  async openSession(options: OpenSessionOptions = {}): Promise<Session> {
    options.signal?.throwIfAborted();
    if (this.#closing !== undefined) throw sessionClosed();
    const contextTokens = options.contextTokens ?? this.#options.defaultContextTokens;
    const context = await converted(() =>
      this.#options.model.createContext({ ...this.#options.contextOptions, contextTokens }),
    );
    const session: LlamaSession = new LlamaSession({
      context,
      identity: this.#description.identity,
      policy: this.#options.engine.policy,
      snapshots: this.capabilities.snapshot,
      tokenize: (text, start) => this.#tokenize(text, start),
      piece: (token) => this.#options.model.piece(token),
      onClosed: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    if (this.#closing !== undefined) {
      await session.close();
      throw sessionClosed();
    }
    return session;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.#options.model.close();
  }

  /**
   * BOS alone is put before a prompt: other special tokens that a model may want belong to its end, not to a prefix.
   */
  async #tokenize(text: string, start: boolean): Promise<Int32Array> {
    const { model, engine } = this.#options;
    const { addBos, bosToken } = engine.facts;
    const tokens = await converted(() => model.tokenize(text, { addSpecial: false }));
    return start && addBos && bosToken !== undefined ? Int32Array.from([bosToken, ...tokens]) : tokens;
  }
}
