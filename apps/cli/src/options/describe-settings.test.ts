import { expect, it } from "vitest";
import { describeSettings } from "./describe-settings.ts";

it("describes each setting of a JSON Schema with type, default and meaning", () => {
  const schema = {
    properties: {
      url: { type: "string", description: "Where the server is." },
      threads: { type: "integer", minimum: 1, maximum: 512, default: 4, description: "Threads." },
      share: { type: "number", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      limit: { anyOf: [{ type: "integer" }, { type: "string" }], maximum: 9 },
      flash: { enum: ["auto", "on"], default: "auto", description: "Where it can." },
      map: { type: "boolean", default: true },
      anything: {},
    },
    required: ["url"],
  };
  expect(describeSettings(schema)).toEqual([
    { name: "url", type: "text", default: "(needed)", meaning: "Where the server is." },
    { name: "threads", type: "integer", default: "4", meaning: "Threads. From 1 to 512." },
    { name: "share", type: "number", default: "", meaning: "At least 0." },
    { name: "limit", type: "integer or text", default: "", meaning: "At most 9." },
    { name: "flash", type: "choice", default: "auto", meaning: "Where it can. One of auto, on." },
    { name: "map", type: "boolean", default: "true", meaning: "" },
    { name: "anything", type: "text", default: "", meaning: "" },
  ]);
  expect(describeSettings({})).toEqual([]);
});
