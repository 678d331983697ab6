import { describe, expect, it } from "vitest";
import { markdownCode, markdownText } from "./markdown-text.ts";

describe("a text of others in Markdown", () => {
  it.each([
    ["a cell's border", "a|b", "a\\|b"],
    ["a border that is escaped already", "a\\|b", "a\\\\\\|b"],
    ["a line break", "a\n| b |", "a\\\\n\\| b \\|"],
    ["HTML", '<img src=x onerror="alert(1)">', '&lt;img src=x onerror="alert(1)"&gt;'],
    ["an entity", "&lt;", "&amp;lt;"],
    ["emphasis and code", "*a* _b_ ~~c~~ `d`", "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\`"],
    ["a link", "[here](javascript:x)", "\\[here\\](javascript:x)"],
    [
      "an address",
      "see https://127.0.0.1 or www.example.org",
      "see https:&#8203;//127.0.0.1 or www&#8203;.example.org",
    ],
    ["a mention and an issue", "@all #12 GH-3", "@&#8203;all #&#8203;12 GH&#8203;-3"],
    ["a formula", "$x$", "\\$x\\$"],
    ["a heading", "# a", "\\# a"],
    ["a list", "- a", "\\- a"],
    ["a numbered list", "1. a", "1&#8203;. a"],
    ["a number", "2.50 s", "2.50 s"],
    ["a control character", "\u001b[2J\u202e", "\\\\u001b\\[2J\\\\u202e"],
  ])("with %s is plain words", (_, text, expected) => expect(markdownText(text)).toBe(expected));

  it.each([
    ["model.gguf", "`model.gguf`"],
    ["a`b", "`` a`b ``"],
    ["a|b\n", "`a\\|b\\n`"],
    ["", "`  `"],
    ["```", "```` ``` ````"],
  ])("%j is code", (text, expected) => expect(markdownCode(text)).toBe(expected));
});
