import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the example in the README runs", async () => {
  const readme = await readFile(join(import.meta.dirname, "..", "README.md"), "utf8");
  const example = readme.match(/```js\n(.*?)```/s)?.[1];
  if (example === undefined) throw new Error("the README has no js example");
  const folder = await mkdtemp(join(tmpdir(), "benchreport readme "));
  try {
    const model = join(folder, "model.gguf");
    await writeFile(model, "abc");
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@benchreport/source", "--input-type=module", "--eval", example, "script", model],
      { cwd: join(import.meta.dirname, ".."), env: { ...process.env, BENCHREPORT_CACHE: join(folder, "cache") } },
    );
    expect(stdout.trim()).toBe(`${model} 3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
