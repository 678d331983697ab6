import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCodes } from "@benchreport/contract";
import { expect, it } from "vitest";

it("docs/errors.md lists every code, and no other", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/errors.md"), "utf8");
  const listed = [...page.matchAll(/^\|\s*`([A-Z_]+)`\s*\|/gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual([...errorCodes].sort());
});
