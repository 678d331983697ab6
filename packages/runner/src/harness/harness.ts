import type { Backend, OpenSessionOptions, PrefixInput, Session, SuffixInput } from "@benchreport/contract";

/** How the runner reaches an engine. Whoever plans the prompt owns `turn`. */
export interface Harness {
  readonly backend: Pick<Backend, "name" | "capabilities" | "clock" | "describe" | "tokenize">;
  /** A fresh, cold session on the model under test. */
  openSession(options?: OpenSessionOptions): Promise<Session>;
  /** Manifest-keyed inputs for a stable and a volatile text. */
  turn(stable: string, suffix: string): TurnInput;
}

export interface TurnInput {
  readonly prefix: PrefixInput;
  readonly suffix: SuffixInput;
}
