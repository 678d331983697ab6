import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { countUsableCores } from "./count-cores.ts";

const processors = availableParallelism();

it("counts what Node says where the system tells nothing", () => {
  expect(countUsableCores(() => undefined)).toBe(processors);
});

it("counts cores, not their hardware threads", () => {
  const pairs = (path: string) => {
    const index = Number(/cpu(\d+)\/topology/.exec(path)?.[1] ?? Number.NaN);
    return Number.isNaN(index) ? undefined : `pair ${Math.floor(index / 2)}`;
  };
  expect(countUsableCores(pairs)).toBe(Math.max(1, Math.ceil(processors / 2)));
});

it("stays within the control group's quota, but never below one", () => {
  const quota = (text: string) => (path: string) => (path.endsWith("cpu.max") ? text : undefined);
  expect(countUsableCores(quota("50000 100000"))).toBe(1);
  expect(countUsableCores(quota("max 100000"))).toBe(processors);
});
