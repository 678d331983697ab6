import { expect, it } from "vitest";
import { memorySettingsSchema, parseMemorySettings } from "./memory-settings.ts";

it("fills in defaults", () => {
  expect(parseMemorySettings()).toMatchObject({ contextTokens: 4096, granularityTokens: 1, exact: true, noise: 0 });
});

it.each([
  [{ granularityTokens: 0 }, "granularityTokens"],
  [{ noise: Number.NaN }, "noise"],
  [{ wholePrefix: "some" }, "wholePrefix"],
  [{ chunkTokens: "32" }, "chunkTokens"],
  [{ nonsense: 1 }, "nonsense"],
])("refuses %j and names it", (settings, setting) => {
  expect(() => parseMemorySettings(settings)).toThrow(
    expect.objectContaining({ code: "SETTINGS_INVALID", meta: { setting } }),
  );
});

it("describes each setting with type, default and meaning", () => {
  const properties = Object.entries(memorySettingsSchema["properties"] as Record<string, Record<string, unknown>>);
  expect(properties.length).toBeGreaterThan(10);
  for (const [name, property] of properties) {
    expect(property, name).toHaveProperty("description");
    if (name !== "maxSessions") expect(property, name).toHaveProperty("default");
  }
});
