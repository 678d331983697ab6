import { describe, expect, it } from "vitest";
import { builtInScenario } from "./built-in-scenario.ts";
import { editText } from "./edit-text.ts";
import { cutToTokens, textOfTokens } from "./fit-text.ts";
import { parseScenario } from "./parse-scenario.ts";
import { segmentText } from "./segment-text.ts";

const bytes = async (text: string) => Buffer.byteLength(text);
const words = async (text: string) => text.split(/\s+/).filter((word) => word !== "").length;

describe("the built-in scenario", () => {
  it.each([
    ["bytes", bytes, 3000],
    ["words", words, 700],
    ["words", words, 60],
  ])("has at most the wished number of %s, and nearly that many", async (_, count, wished) => {
    const scenario = await builtInScenario(
      { stableTokens: wished, suffixTokens: 32 },
      { stable: count, suffix: count },
    );
    expect(await count(scenario.stable)).toBeLessThanOrEqual(wished);
    expect(await count(scenario.stable)).toBeGreaterThan(wished * 0.97);
    expect(await count(scenario.suffix)).toBeGreaterThan(16);
    expect(scenario.suffix).not.toBe(scenario.changedSuffix);
    expect(scenario.suffixCurve[0]).toBe("");
    expect(scenario.stable.endsWith("\n")).toBe(true);
  });

  it("is the same for the same seed, and another for another", async () => {
    const build = (seed: number) => builtInScenario({ stableTokens: 500, seed }, { stable: words, suffix: words });
    expect(await build(3)).toEqual(await build(3));
    expect((await build(3)).stable).not.toBe((await build(4)).stable);
  });

  it("names its parts, in edited texts too", async () => {
    const { stable, editedStable } = await builtInScenario({ stableTokens: 3000 }, { stable: bytes, suffix: bytes });
    const names = ["system", "tools", "rules", "repo_map", "file:src/queue/retry.ts", "file:src/cache/index.ts"];
    expect(segmentText(stable, true).map((part) => part.name)).toEqual(names);
    expect(segmentText(editedStable, true).map((part) => part.name)).toEqual(names);
    expect(
      segmentText(stable, true)
        .map((part) => part.text)
        .join(""),
    ).toBe(stable);
    expect(editedStable).not.toBe(stable);
  });

  it("of a few tokens is still text", async () => {
    const scenario = await builtInScenario({ stableTokens: 9, suffixTokens: 3 }, { stable: words, suffix: words });
    expect(await words(scenario.stable)).toBe(9);
    expect(scenario.editedStable).not.toBe(scenario.stable);
  });
});

describe("segments", () => {
  it("of a text without headings are one", () => {
    expect(segmentText("plain", true)).toEqual([{ kind: "stable", name: "stable", text: "plain" }]);
    expect(segmentText("plain", false)).toEqual([{ kind: "question", name: "question", text: "plain" }]);
    expect(segmentText("", true)).toEqual([]);
  });
  it("have unique names and lose no text", () => {
    const parts = segmentText("before\n## rules\na\n## rules\nb\n", true);
    expect(parts.map((part) => part.name)).toEqual(["preamble", "rules", "rules (2)"]);
    expect(parts.map((part) => part.text)).toEqual(["before\n", "## rules\na\n", "## rules\nb\n"]);
  });
});

describe("edits", () => {
  const text = "one two three four five six seven eight nine ten\n";
  it("change one word where they say", () => {
    expect(Object.fromEntries(editText(text).map((edit) => [edit.name, edit.text]))).toEqual({
      "one word replaced, start": "zebra two three four five six seven eight nine ten\n",
      "one word replaced, middle": "one two three four five zebra seven eight nine ten\n",
      "one word inserted, middle": "one two three four five zebra six seven eight nine ten\n",
      "one word removed, middle": "one two three four five seven eight nine ten\n",
      "one word replaced, end": "one two three four five six seven eight nine zebra\n",
      "cut at three quarters": "one two three four five six seven",
    });
  });
  it("leave a very short text alone", () => expect(editText("one two three")).toEqual([]));
});

describe("fitting", () => {
  it("cuts behind the last word that fits", async () => {
    expect(await cutToTokens("aa bb cc", 7, bytes)).toBe("aa bb");
    expect(await cutToTokens("aa bb cc", 1, bytes)).toBe("");
  });
  it("finds a text of exactly so many tokens, or says that there is none", async () => {
    expect(await bytes((await textOfTokens("start", 257, bytes)) ?? "")).toBe(257);
    expect(await words((await textOfTokens("start", 257, words)) ?? "")).toBe(257);
    expect(await textOfTokens("too long", 3, bytes)).toBeUndefined();
    const even = async (value: string) => 2 * value.length;
    expect(await textOfTokens("", 7, even)).toBeUndefined();
  });
});

describe("a scenario file", () => {
  const file = {
    stable: "s",
    suffix: "q",
    changed_suffix: "r",
    edited_stable: "t",
    suffix_curve: ["", "q"],
    max_decode: 8,
  };
  it("is read", () => {
    expect(parseScenario(JSON.stringify(file))).toEqual({
      stable: "s",
      suffix: "q",
      changedSuffix: "r",
      editedStable: "t",
      suffixCurve: ["", "q"],
      maxDecode: 8,
    });
    expect(parseScenario('{"stable":"s","suffix":"q"}')).toMatchObject({
      changedSuffix: "",
      suffixCurve: [],
      maxDecode: 32,
    });
  });
  it.each([
    ["{", ""],
    ["[]", ""],
    ['{"suffix":"q"}', "stable"],
    ['{"stable":"","suffix":"q"}', "stable"],
    [JSON.stringify({ ...file, suffix_curve: ["", 3] }), "suffix_curve[1]"],
    [JSON.stringify({ ...file, max_decode: 0 }), "max_decode"],
    [JSON.stringify({ ...file, max_decode: 1.5 }), "max_decode"],
    [JSON.stringify({ ...file, stabel: "x" }), "stabel"],
    ['{"stable":"\\ud800","suffix":"q"}', "stable"],
    [JSON.stringify({ ...file, changed_suffix: file.suffix }), "changed_suffix"],
    [JSON.stringify({ ...file, edited_stable: file.stable }), "edited_stable"],
  ])("%s is refused at %j", (json, path) => {
    expect(() => parseScenario(json)).toThrow(expect.objectContaining({ code: "SCENARIO_INVALID", meta: { path } }));
  });
  it.each([
    [{ suffix_curve: [] }, "suffix_curve", /it is empty: leave it out/],
    [{ suffix_curve: ["long", "no"] }, "suffix_curve[1]", /it has 2 bytes and the text before it 4/],
    [{ suffix_curve: ["a", "ü"] }, undefined, /./],
    [{ suffix_curve: ["one", "two"] }, "suffix_curve[1]", /a curve goes from short to long/],
    [{ suffix_curve: ["", "a", ""] }, "suffix_curve[2]", /it is the same as suffix_curve\[0\]/],
    [{ max_decode: -1 }, "max_decode", /a whole number from 1 to 100000/],
    [{ max_decode: 1e9 }, "max_decode", /a whole number from 1 to 100000/],
    [{ max_decode: 2.5 }, "max_decode", /a whole number from 1 to 100000/],
    [{ max_decode: "8" }, "max_decode", /a whole number from 1 to 100000/],
    [{ changed_suffix: "", edited_stable: "" }, undefined, /./],
  ])("with %j is refused at %j with its reason, or read", (change, path, why) => {
    const json = JSON.stringify({ ...file, ...change });
    if (path === undefined) expect(parseScenario(json)).toMatchObject({ stable: "s" });
    else {
      const error = expect.objectContaining({
        code: "SCENARIO_INVALID",
        meta: { path },
        why: expect.stringMatching(why),
      });
      expect(() => parseScenario(json)).toThrow(error);
    }
  });
  it.each([
    ['{"stable":"s","stable":"t","suffix":"q"}', /"stable" stands twice/],
    ['{"stable":"s","suffix":"q","__proto__":{"max_decode":3}}', /__proto__/],
    ['{"stable":"s","suffix":"q","max_decode":1e999}', /1e999 is too large/],
    ['{"stable":'.repeat(100_000), /more than 100 levels/],
  ])("that readers could understand in two ways, or not at all, is refused", (json, why) => {
    const error = expect.objectContaining({ code: "SCENARIO_INVALID", why: expect.stringMatching(why) });
    expect(() => parseScenario(json)).toThrow(error);
  });
});
