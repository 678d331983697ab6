import { type Backend, createManifest, type PrefixInput, type SuffixInput } from "@benchreport/contract";

export interface TurnInput {
  readonly prefix: PrefixInput;
  readonly suffix: SuffixInput;
}

/** The inputs of a turn, manifest included, so that making them is no part of what is timed. */
export function createTurnInput(engine: Backend, prefix: string, suffix: string): TurnInput {
  const part = (name: string, text: string) => (text === "" ? [] : [{ kind: name, name, text }]);
  const manifest = createManifest(engine.describe().identity, {
    stable: part("stable", prefix),
    volatile: part("question", suffix),
  });
  return { prefix: { text: prefix, manifest }, suffix: { text: suffix, manifest } };
}
