import { describe, expect, it } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

describe("JSON that is read strictly", () => {
  it.each([
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
    '{"a":"\\"a\\": {[1e999","b":"\\\\"}',
    '[ "a", "a", -1.5e+300, 1e-999, true, null ]',
    '{"a" : "x:y", "b"\n: "a"}',
    "{}",
    '"text"',
  ])("gives what %s says", (text) => {
    expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each([
    ['{"a":1,"a":1}', 'the key "a" stands twice in one object: which one counts?'],
    ['{"a":1,"\\u0061":2}', 'the key "\\u0061" stands twice in one object: which one counts?'],
    ['[{"deep":{"b":[],"b":{}}}]', 'the key "b" stands twice in one object: which one counts?'],
    ['{"__proto__":{"polluted":true}}', 'it has the key "__proto__", which means another thing to many programs'],
    ['{"\\u005f_proto__":1}', 'it has the key "__proto__", which means another thing to many programs'],
    ['{"a":1e999}', "the number 1e999 is too large to be held"],
    ["[-1e999]", "the number -1e999 is too large to be held"],
    [`[${"9".repeat(400)}]`, `the number ${"9".repeat(60)}… is too large to be held`],
    [`${"[".repeat(101)}${"]".repeat(101)}`, "it is nested more than 100 levels deep"],
  ])("refuses %s", (text, message) => {
    expect(parseStrictJson(text)).toEqual({ ok: false, message });
  });

  it.each(["", "{", '{"a":1,"a":', "[1e999", '{"a" "a"}', '"open', "nan"])("says of %j that it is no JSON", (text) => {
    expect(parseStrictJson(text)).toMatchObject({ ok: false, message: expect.stringMatching(/^it is not JSON: /) });
  });

  it("refuses what is nested without end before a parser sees it", () => {
    expect(parseStrictJson("[".repeat(5_000_000))).toMatchObject({ message: expect.stringContaining("100 levels") });
    expect(parseStrictJson('{"a":'.repeat(100_000))).toMatchObject({ message: expect.stringContaining("100 levels") });
  });

  it("reads texts of many megabytes", () => {
    const value = [`${'"\\'.repeat(1_000_000)}`, "x".repeat(8_000_000)];
    expect(parseStrictJson(JSON.stringify(value))).toEqual({ ok: true, value });
  });
});
