import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { describeToolchain } from "./describe-toolchain.ts";

export type Exit = { readonly code: number } | { readonly signal: NodeJS.Signals };

const forwarded: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
// Turbo takes Ctrl-C from the terminal, as this process does, and passes over an interrupt that was sent to it alone.
const interruptGraceMs = 1000;

export interface TurboOptions {
  /** Gets what turbo and its tasks print. Default: it goes to stderr as it comes. */
  readonly onOutput?: ((chunk: Buffer) => void) | undefined;
}

/**
 * Runs this workspace's turbo with the toolchain in its environment. Nothing of what turbo and its tasks print goes to
 * stdout, which belongs to whoever called.
 */
export async function runTurbo(parameters: readonly string[], { onOutput }: TurboOptions = {}): Promise<Exit> {
  const turbo = createRequire(import.meta.url).resolve("turbo/bin/turbo");
  const output = onOutput === undefined ? process.stderr : "pipe";
  const child = spawn(process.execPath, [turbo, ...parameters], {
    stdio: ["inherit", output, output],
    env: {
      ...process.env,
      BENCHREPORT_TOOLCHAIN: describeToolchain(),
      TURBO_TELEMETRY_DISABLED: "1",
      TURBO_NO_UPDATE_NOTIFIER: "1",
      DO_NOT_TRACK: "1",
    },
  });
  if (onOutput !== undefined) for (const stream of [child.stdout, child.stderr]) stream?.on("data", onOutput);
  let received: NodeJS.Signals | undefined;
  let grace: NodeJS.Timeout | undefined;
  const forward = (signal: NodeJS.Signals) => {
    received = signal;
    if (signal === "SIGINT") grace ??= setTimeout(() => child.kill("SIGTERM"), interruptGraceMs);
    else child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  try {
    return await new Promise<Exit>((settle, fail) => {
      child.once("error", fail);
      // Of a piped output the end comes after that of the process.
      child.once(onOutput === undefined ? "exit" : "close", (code, signal) => {
        const ending = received ?? signal;
        settle(ending === undefined || ending === null ? { code: code ?? 1 } : { signal: ending });
      });
    });
  } finally {
    clearTimeout(grace);
    for (const signal of forwarded) process.off(signal, forward);
  }
}

/** Ends this process as the other one ended, so that a shell sees an interrupt as one. */
export function exitLike(exit: Exit): void {
  if ("signal" in exit) process.kill(process.pid, exit.signal);
  else process.exitCode = exit.code;
}
