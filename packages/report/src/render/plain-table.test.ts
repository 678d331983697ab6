import { describe, expect, it } from "vitest";
import { renderPlainTable, wrapText } from "./plain-table.ts";

const table = {
  head: ["name", "count", "meaning"],
  rows: [
    ["first", "7", "what it is"],
    ["你好", "1234", "another row with a good many words that need more room than there is"],
  ],
  alignRight: [1],
};

describe("a table", () => {
  it("is one line for each row where nothing limits it", () => {
    expect(renderPlainTable(table)).toBe(
      [
        "name   count  meaning",
        "first      7  what it is",
        "你好    1234  another row with a good many words that need more room than there is",
      ].join("\n"),
    );
  });

  it("wraps its last column", () => {
    expect(renderPlainTable({ ...table, width: 44 })).toBe(
      [
        "name   count  meaning",
        "first      7  what it is",
        "你好    1234  another row with a good many",
        "              words that need more room than",
        "              there is",
      ].join("\n"),
    );
  });

  it("puts its last column below where too little room is left beside", () => {
    expect(renderPlainTable({ ...table, width: 30 })).toBe(
      [
        "name   count",
        "    meaning",
        "first      7",
        "    what it is",
        "你好    1234",
        "    another row with a good",
        "    many words that need more",
        "    room than there is",
      ].join("\n"),
    );
  });

  it("puts it beside all the same where a row's last cells are empty", () => {
    const rows = [
      ["first", "123456789012", "x"],
      ["second", "", "seven words"],
      ["third", "", "another row with a good many words"],
    ];
    expect(renderPlainTable({ rows, width: 30 })).toBe(
      [
        "first   123456789012",
        "    x",
        "second  seven words",
        "third",
        "    another row with a good",
        "    many words",
      ].join("\n"),
    );
  });

  it("aligns cells with colours", () => {
    const rows = [
      ["\u001b[32mab\u001b[39m", "x"],
      ["abc", "y"],
    ];
    expect(renderPlainTable({ rows })).toBe("\u001b[32mab\u001b[39m   x\nabc  y");
  });
});

it("a word that is longer than the line stays whole", () => {
  expect(wrapText("see /a/very/long/path", 8)).toBe("see\n/a/very/long/path");
});
