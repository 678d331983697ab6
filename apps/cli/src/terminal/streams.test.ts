import { describe, expect, it } from "vitest";
import { columnsOf, presentable } from "./streams.ts";

describe("the border to the terminal", () => {
  it("lets no control character pass, wherever the text comes from", () => {
    expect(presentable("a\u001b[2J\u009b2J\u0007\r\u202e\nb", false)).toBe(
      "a\\u001b[2J\\u009b2J\\u0007\\u000d\\u202e\nb\n",
    );
    expect(presentable("\u001b]8;;x\u001b\\", true)).toBe("\\u001b]8;;x\\u001b\\\n");
  });
  it("lets colours pass where colours are wanted", () => {
    expect(presentable("\u001b[1m\u001b[31mred\u001b[39m", true)).toBe("\u001b[1m\u001b[31mred\u001b[39m\n");
    expect(presentable("\u001b[31mred", false)).toBe("\\u001b[31mred\n");
    expect(presentable("\u001b[8;1;1t\u001b[6n", true)).toBe("\\u001b[8;1;1t\\u001b[6n\n");
  });
});

it.each([
  [120, 120],
  [undefined, 80],
  [0, 80],
])("a stream that says it has %j columns is taken for %i", (columns, expected) => {
  const before = process.env["COLUMNS"];
  delete process.env["COLUMNS"];
  expect(columnsOf({ columns } as NodeJS.WriteStream)).toBe(expected);
  if (before !== undefined) process.env["COLUMNS"] = before;
});
