import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");

it("every file that docs/architecture.md names exists", async () => {
  const page = await readFile(join(root, "docs/architecture.md"), "utf8");
  const named = [...page.matchAll(/`([\w./-]+\.(?:ts|cc))`/g)].map(([, file]) => file ?? "");
  const files = globSync("{apps,packages,native,tools}/*/{src,native}/**/*.{ts,cc}", { cwd: root });
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
});
