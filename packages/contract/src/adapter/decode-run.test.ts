import { expect, it } from "vitest";
import type { DecodeEvent } from "../decode.ts";
import { DecodeRun } from "./decode-run.ts";
import { SerialQueue } from "./serial-queue.ts";

/** An engine that generates `tokens` tokens, waiting for `step` before each, and remembers what it was told to keep. */
function fakeEngine(tokens: number, step: () => Promise<void> = async () => undefined) {
  const kept: number[] = [];
  let pushed = 0;
  const producer = {
    async run(push: (event: DecodeEvent) => void, signal: AbortSignal): Promise<void> {
      for (let id = 0; id < tokens; id++) {
        await step();
        if (signal.aborted) return;
        push({ type: "token", id, text: `${id} `, at: 0n, logProbability: undefined, margin: undefined });
        pushed++;
      }
      push({ type: "finish", reason: "length", outputTokens: tokens, at: 0n });
    },
    async keep(count: number): Promise<void> {
      kept.push(count);
    },
  };
  return { producer, kept, pushed: () => pushed };
}

function start(engine: ReturnType<typeof fakeEngine>, signal?: AbortSignal) {
  const queue = new SerialQueue();
  const run = new DecodeRun({ queue, signal, begin: () => engine.producer });
  return { queue, run };
}

it("delivers every token and one finish, then ends", async () => {
  const engine = fakeEngine(3);
  const { run } = start(engine);
  const events: DecodeEvent[] = [];
  for await (const event of run) events.push(event);
  expect(events.map((event) => event.type)).toEqual(["token", "token", "token", "finish"]);
  expect(await run.next()).toEqual({ done: true, value: undefined });
  expect(engine.kept).toEqual([]);
  expect(run.residentTokens).toBe(3);
});

it("lets the engine run ahead of its consumer", async () => {
  const engine = fakeEngine(50);
  const { run, queue } = start(engine);
  await run.next();
  await queue.run(async () => undefined);
  expect(engine.pushed()).toBe(50);
  expect(run.residentTokens).toBe(1);
});

it("does nothing before the first next", async () => {
  const engine = fakeEngine(2);
  const { run, queue } = start(engine);
  await queue.run(async () => undefined);
  expect(engine.pushed()).toBe(0);
  await run.return();
  expect(await run.next()).toEqual({ done: true, value: undefined });
});

it("cuts to what was delivered when the loop is left while the engine runs", async () => {
  const engine = fakeEngine(1000, tick);
  const { run, queue } = start(engine);
  for await (const event of run) if (event.type === "token" && event.id === 2) break;
  expect(engine.pushed()).toBeLessThan(1000);
  expect(engine.kept).toEqual([3]);
  expect(run.residentTokens).toBe(3);
  expect(await queue.run(async () => "free")).toBe("free");
});

it("cuts to what was delivered when the loop is left after the engine had finished", async () => {
  const engine = fakeEngine(10);
  const { run } = start(engine);
  await run.next();
  await run.next();
  await tick();
  await run.return();
  expect(engine.kept).toEqual([2]);
});

it("keeps everything that was generated once a later call has begun", async () => {
  const engine = fakeEngine(10);
  const { run, queue } = start(engine);
  await run.next();
  await queue.run(async () => run.freeze());
  expect(run.residentTokens).toBe(10);
  await run.return();
  expect(engine.kept).toEqual([]);
});

it("rejects with the signal's reason and keeps what was delivered", async () => {
  const engine = fakeEngine(1000, tick);
  const controller = new AbortController();
  const { run } = start(engine, controller.signal);
  await run.next();
  const reason = new Error("stop");
  controller.abort(reason);
  await expect(run.next()).rejects.toBe(reason);
  expect(engine.pushed()).toBeLessThan(1000);
  expect(run.residentTokens).toBe(1);
  expect(engine.kept.every((count) => count === 1)).toBe(true);
  expect(await run.next()).toEqual({ done: true, value: undefined });
});

it("rejects at the first next when the signal had fired before, without touching the engine", async () => {
  const engine = fakeEngine(3);
  const { run } = start(engine, AbortSignal.abort(new Error("early")));
  await expect(run.next()).rejects.toThrow("early");
  expect(engine.pushed()).toBe(0);
});

it("rejects with the engine's failure after the tokens that came before it", async () => {
  const engine = fakeEngine(3, async () => {
    if (engine.pushed() === 2) throw new Error("engine failed");
  });
  const { run } = start(engine);
  expect((await run.next()).done).toBe(false);
  expect((await run.next()).done).toBe(false);
  await expect(run.next()).rejects.toThrow("engine failed");
});

it("answers concurrent next calls in order", async () => {
  const engine = fakeEngine(3, tick);
  const { run } = start(engine);
  const events = await Promise.all([run.next(), run.next(), run.next(), run.next(), run.next()]);
  expect(events.map((event) => event.done)).toEqual([false, false, false, false, true]);
});

it("cuts an engine that was stopped even where everything that it pushed was delivered", async () => {
  const engine = fakeEngine(1000, tick);
  const { run } = start(engine);
  while (engine.pushed() < 3) await run.next();
  await run.return();
  expect(engine.kept.at(-1)).toBe(run.residentTokens);
});

it("ends a next that was waiting when the loop was left", async () => {
  const engine = fakeEngine(1000, tick);
  const { run } = start(engine);
  await run.next();
  const waiting = run.next();
  await run.return();
  expect(await waiting.then(({ done }) => done)).toBeTypeOf("boolean");
  expect(await run.next()).toEqual({ done: true, value: undefined });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
