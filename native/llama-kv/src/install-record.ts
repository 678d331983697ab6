import { readFileSync } from "node:fs";

/** What scripts/install.mjs did about the addon when this package was installed; `undefined` when it did not run. */
export function readInstallRecord(): string | undefined {
  try {
    // From src/ and from dist/ alike.
    const { text } = JSON.parse(readFileSync(new URL("../build/install.json", import.meta.url), "utf8")) as {
      text?: unknown;
    };
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}
