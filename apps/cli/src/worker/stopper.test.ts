import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDeadline } from "./deadline.ts";
import { createStopper, stopGraceMs } from "./stopper.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fakeWorker() {
  return { stop: vi.fn<() => void>(), kill: vi.fn<() => void>() };
}

it("a child that was asked to stop is killed when it does not, and not before", () => {
  const worker = fakeWorker();
  createStopper(worker).stop();
  expect(worker.stop).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(stopGraceMs - 1);
  expect(worker.kill).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(worker.kill).toHaveBeenCalledOnce();
});

it("a second word kills at once", () => {
  const worker = fakeWorker();
  const stopper = createStopper(worker);
  stopper.stop();
  stopper.stop();
  expect(worker.kill).toHaveBeenCalledOnce();
  expect(worker.stop).toHaveBeenCalledOnce();
});

it("a deadline is missed when nothing happens for its length, once", () => {
  const missed = vi.fn<() => void>();
  const deadline = createDeadline(100, missed);
  vi.advanceTimersByTime(99);
  deadline.extend();
  vi.advanceTimersByTime(99);
  expect(missed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  expect(missed).toHaveBeenCalledOnce();
});

it("a deadline that was ended, or of length 0, is never missed", () => {
  const missed = vi.fn<() => void>();
  createDeadline(100, missed).end();
  createDeadline(0, missed).extend();
  vi.advanceTimersByTime(1e9);
  expect(missed).not.toHaveBeenCalled();
});
