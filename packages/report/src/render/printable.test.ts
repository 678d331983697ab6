import { describe, expect, it } from "vitest";
import { printable, printableLine } from "./printable.ts";

describe("text from a file or an engine", () => {
  it.each([
    ["an escape sequence", "\u001b[2J", "\\u001b[2J"],
    [
      "a hyperlink",
      "\u001b]8;;http://127.0.0.1\u0007here\u001b]8;;\u001b\\",
      "\\u001b]8;;http://127.0.0.1\\u0007here\\u001b]8;;\\u001b\\",
    ],
    ["an escape sequence of one character", "\u009b31m", "\\u009b31m"],
    ["a carriage return", "safe\rdanger", "safe\\u000ddanger"],
    ["a bell and a backspace", "\u0007\b", "\\u0007\\u0008"],
    ["a delete", "\u007f", "\\u007f"],
    [
      "turned writing",
      "\u202egpj.exe\u202c \u2066x\u2069 \u200f\u061c",
      "\\u202egpj.exe\\u202c \\u2066x\\u2069 \\u200f\\u061c",
    ],
    ["other line separators", "a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\u0085d"],
  ])("with %s shows it instead of doing it", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printableLine(text)).toBe(shown);
  });

  it("keeps letters of any script, and line breaks where lines are wanted", () => {
    expect(printable("größer\n\t你好 🎉")).toBe("größer\n\t你好 🎉");
    expect(printableLine("größer\n\t你好 🎉")).toBe("größer\\n\\t你好 🎉");
  });

  it("stays the same JSON", () => {
    const value = { "a\u009b": "\u202e\u001b\u007f\n\u2028" };
    expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).toEqual(value);
  });
});
