import { describe, expect, test } from "vitest";
import { useModel } from "./support/use-model.ts";

const fixture = useModel();

describe("a context that no machine has memory for", () => {
  const huge = { contextTokens: 2 ** 26 };

  test("is refused before anything is allocated, with the sizes", async () => {
    await expect(fixture.openContext(huge)).rejects.toMatchObject({
      code: "INSUFFICIENT_MEMORY",
      meta: {
        cells: 2 ** 26,
        kvBytesPerToken: 23_040,
        neededBytes: expect.any(Number),
        availableBytes: expect.any(Number),
      },
    });
  });

  test("is smaller in a smaller type of cells", async () => {
    await expect(fixture.openContext({ ...huge, kvCacheTypeK: "q8_0", kvCacheTypeV: "q8_0" })).rejects.toMatchObject({
      code: "INSUFFICIENT_MEMORY",
      meta: { kvBytesPerToken: 12_240 },
    });
  });
});

test("bytes per token are computed as the engine counts them, but for a cell's own 12 bytes", async () => {
  await using context = await fixture.openContext();
  const sizes = [];
  for (const count of [32, 64]) {
    await context.prefill(await fixture.tokens(32), { grid: "position" });
    expect(context.residentTokens()).toBe(count);
    sizes.push(await context.stateSize());
  }
  const [small = 0, large = 0] = sizes;
  expect((large - small) / 32).toBe((context.effective.kvBytesPerToken ?? 0) + 12);
});
