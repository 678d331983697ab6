import { type Backend, createManifest, type TextPart } from "@benchreport/contract";
import { segmentText } from "../scenario/segment-text.ts";
import type { Harness } from "./harness.ts";

export interface HarnessOptions {
  /** Cuts a text into named parts; together they must be the text. Default: at headings such as `## rules`. */
  readonly segment?: ((text: string, stable: boolean) => readonly TextPart[]) | undefined;
}

/** The ordinary harness: prompts are the texts themselves, their parts named in the manifest. */
export function createHarness(backend: Backend, options: HarnessOptions = {}): Harness {
  const segment = options.segment ?? segmentText;
  const { identity } = backend.describe();
  return {
    backend,
    openSession: (sessionOptions) => backend.openSession(sessionOptions),
    turn(stable, suffix) {
      const manifest = createManifest(identity, { stable: segment(stable, true), volatile: segment(suffix, false) });
      return { prefix: { text: stable, manifest }, suffix: { text: suffix, manifest } };
    },
  };
}
