import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeToolchain } from "./describe-toolchain.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "benchreport toolchain "));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32")("the toolchain", () => {
  test("differs with the compiler's version, its place and its flags", async () => {
    const first = await compiler("first", "1.0");
    const newer = await compiler("newer", "2.0");
    const other = await compiler("other", "1.0");
    const lines = [
      describeToolchain({ ...process.env, CXX: first }),
      describeToolchain({ ...process.env, CXX: newer }),
      describeToolchain({ ...process.env, CXX: other }),
      describeToolchain({ ...process.env, CXX: first, CXXFLAGS: "-O1" }),
    ];
    expect(new Set(lines).size).toBe(4);
  });

  test("is the same when asked again", () => {
    expect(describeToolchain()).toBe(describeToolchain());
  });

  test("names platform and processor, and says none where there is no tool", () => {
    const line = describeToolchain({ PATH: folder });
    expect(line).toContain(`${process.platform}-${process.arch}`);
    expect(line).toContain("c++ none none");
    expect(line).toContain("cmake none");
  });
});

async function compiler(name: string, version: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho "fake ${version}"\n`);
  await chmod(path, 0o755);
  return path;
}
