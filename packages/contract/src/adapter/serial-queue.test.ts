import { expect, it } from "vitest";
import { SerialQueue } from "./serial-queue.ts";

it("runs jobs one after another in the order of their calls", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const job = (name: string) => async () => {
    log.push(`${name} begins`);
    await tick();
    log.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([queue.run(job("a")), queue.run(job("b"))])).toEqual(["a", "b"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

it("goes on after a job that failed", async () => {
  const queue = new SerialQueue();
  await expect(queue.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await queue.run(async () => 1)).toBe(1);
});

it("rejects a waiting job at once when its signal fires, and never runs it", async () => {
  const queue = new SerialQueue();
  let open = (): void => undefined;
  const first = queue.run(() => new Promise<void>((resolve) => (open = resolve)));
  const controller = new AbortController();
  let ran = false;
  const second = queue.run(async () => {
    ran = true;
  }, controller.signal);
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await expect(second).rejects.toBe(reason);
  open();
  await first;
  await queue.run(async () => undefined);
  expect(ran).toBe(false);
});

it("rejects a call whose signal had fired before", async () => {
  const queue = new SerialQueue();
  await expect(queue.run(async () => 1, AbortSignal.abort(new Error("early")))).rejects.toThrow("early");
});

it("closes: aborts the job in flight, refuses the rest, waits, and may be called again", async () => {
  const queue = new SerialQueue();
  let ended = false;
  const running = queue.run(async (signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await tick();
    ended = true;
    throw signal.reason;
  });
  const waiting = queue.run(async () => 1);
  const outcomes = Promise.allSettled([running, waiting]);
  await tick();
  await Promise.all([queue.close(), queue.close()]);
  expect(ended).toBe(true);
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "SESSION_CLOSED" } });
  }
  await expect(queue.run(async () => 1)).rejects.toMatchObject({ code: "SESSION_CLOSED" });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
