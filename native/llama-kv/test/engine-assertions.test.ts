import { describe, expect, test } from "vitest";
import { useTinyModels } from "./support/use-tiny-models.ts";

// The engine checks some of what it is given by ending the process: it must not get that far.

const models = useTinyModels();
const MEMORIES = ["full", "sliding_window", "recurrent", "hybrid"] as const;

test("more sequences than tokens in a batch", async () => {
  await using model = await models.open({ memory: "full", seed: 1 });
  await using context = await model.createContext({ contextTokens: 64, ubatchTokens: 1, sequences: 4, threads: 1 });
  const { residentTokens } = await context.prefill(Int32Array.of(10, 11, 12), { grid: "position", sequence: 3 });
  expect(residentTokens).toBe(3);
});

describe.each(MEMORIES)("a state saved from %s memory", (from) => {
  test.each(MEMORIES.filter((memory) => memory !== from))(
    "is refused by %s memory, which keeps its own",
    async (into) => {
      await using source = await models.open({ memory: from, seed: 1 });
      await using destination = await models.open({ memory: into, seed: 1 });
      await using saved = await source.createContext({ contextTokens: 128, threads: 1 });
      await using other = await destination.createContext({ contextTokens: 128, threads: 1 });
      await saved.prefill(new Int32Array(40).fill(20), { grid: "position" });
      await other.prefill(new Int32Array(30).fill(20), { grid: "position" });
      await expect(other.loadState(await saved.saveState())).rejects.toMatchObject({ code: "STATE_INVALID" });
      expect(other.residentTokens()).toBe(30);
      expect(await saved.loadState(await saved.saveState())).toBe(40);
    },
  );
});
