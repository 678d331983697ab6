import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");

describe("the example in the README", () => {
  it.each([
    // Two questions on one prefix: nothing is reused for the first, everything for the second, and both are answered.
    ["README.md", /^reused 0 of (\d+) tokens\n.*\w.*\nreused \1 of \1 tokens\n.*\w/s],
    ["packages/backend-llama/README.md", /^llama\.cpp v\S+ CPU \d+ true\n\[\s*\d+/],
    ["packages/backend-memory/README.md", /^[ -~]{1,8}$/],
    ["packages/contract/README.md", /^\{ start: 0, end: 9 \} 64\n1 4 stale\n$/],
    ["packages/report/README.md", /backend: .*expected string/],
    ["packages/runner/README.md", /^No gain shown.*\ncold_is_cold: pass\n/],
  ])("of %s runs and prints what it should", async (path, expected) => {
    const example = /```js\n(.*?)```/s.exec(await readFile(join(root, path), "utf8"))?.[1];
    if (example === undefined) throw new Error(`${path} has no js example`);
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@benchreport/source", "--input-type=module", "--eval", example],
      { cwd: join(import.meta.dirname, "..") },
    );
    expect(stderr).toBe("");
    expect(stdout).toMatch(expected);
  });
});

it("each relative link of the README leads somewhere", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const links = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map((match) => match[1] ?? "");
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) await expect(readFile(join(root, link), "utf8")).resolves.toBeDefined();
});
