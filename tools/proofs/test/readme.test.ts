import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");

it("the session example of the README runs on the default model, warm the second time", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const example = /```js\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error("the README has no js example");
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@benchreport/source", "--input-type=module", "--eval", example],
    { cwd: join(import.meta.dirname, "..") },
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(/reused 0 of \d+ tokens\n/);
  const [, reused, all] =
    /reused (\d+) of (\d+) tokens\n.*\S.*$/s.exec(stdout.slice(stdout.lastIndexOf("reused"))) ?? [];
  expect(Number(reused)).toBeGreaterThan(0);
  expect(reused).toBe(all);
});

it("each relative link of the README leads somewhere", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const links = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map((match) => match[1] ?? "");
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) await expect(readFile(join(root, link), "utf8")).resolves.toBeDefined();
});
