import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { BenchreportError } from "@benchreport/contract";

export interface ServerOptions {
  readonly program: string;
  readonly modelPath: string;
  readonly threads: number;
  /** `undefined`: the server's default. */
  readonly ubatchTokens: number | undefined;
}

/** A running llama-server with one slot, on a free port of the loopback interface. */
export class LlamaServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts it and waits until the model is loaded. @throws `ENGINE_UNAVAILABLE` when it ends or takes too long. */
  static async start({ program, modelPath, threads, ubatchTokens }: ServerOptions): Promise<LlamaServer> {
    const port = await findFreePort();
    const ubatch = ubatchTokens === undefined ? [] : ["-ub", String(ubatchTokens), "-b", String(ubatchTokens)];
    const parameters = ["-m", modelPath, "-t", String(threads), "-np", "1", "--host", HOST, "--port", String(port)];
    const child = spawn(program, [...parameters, ...ubatch], { stdio: ["ignore", "ignore", "pipe"] });
    const log: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => {
      log.push(chunk.toString());
      log.splice(0, log.length - LOG_CHUNKS);
    });
    child.on("error", (error) => log.push(error.message));
    const server = new LlamaServer(`http://${HOST}:${port}`, child);
    try {
      await server.#waitUntilHealthy(log);
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded()) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    const patience = new AbortController();
    await Promise.race([ended, setTimeout(PATIENCE_MS, undefined, { signal: patience.signal })]);
    patience.abort();
    if (!this.#hasEnded()) this.#child.kill("SIGKILL");
    await ended;
  }

  #hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #waitUntilHealthy(log: readonly string[]): Promise<void> {
    const until = performance.now() + START_MS;
    while (performance.now() < until && !this.#hasEnded()) {
      const healthy = await fetch(`${this.url}/health`).then(
        async (response) => {
          await response.arrayBuffer();
          return response.ok;
        },
        () => false,
      );
      if (healthy) return;
      await setTimeout(POLL_MS);
    }
    throw new BenchreportError("ENGINE_UNAVAILABLE", {
      what: this.#hasEnded() ? "llama-server ended at its start." : "llama-server did not become ready.",
      why: log.join("").trim().split("\n").slice(-5).join("\n"),
      fix: "Start it by hand with the same model.",
      meta: { url: this.url },
    });
  }
}

const HOST = "127.0.0.1";
const START_MS = 120_000;
const POLL_MS = 50;
const PATIENCE_MS = 5000;
const LOG_CHUNKS = 50;

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, HOST, resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new RangeError("the probe listened on no port");
  return address.port;
}
