import type { Backend } from "@benchreport/contract";
import type { CountTokens } from "../text/fill-text.ts";

/** Counts as a prompt would be counted that begins with the text, or goes on with it. */
export function countWith(engine: Backend, options: { readonly start: boolean }): CountTokens {
  return async (text) => (await engine.tokenize(text, options)).length;
}
