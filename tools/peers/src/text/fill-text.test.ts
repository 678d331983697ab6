import { expect, test } from "vitest";
import { fillText } from "./fill-text.ts";

// Words of three letters or fewer are one token, longer ones two.
const count = async (text: string): Promise<number> =>
  text
    .split(" ")
    .filter((word) => word !== "")
    .reduce((sum, word) => sum + (word.length > 3 ? 2 : 1), 0);
const pieces = ["one", " two", " three", " four", " six"];

test("is the beginning of the pieces that has the wished length", async () => {
  expect(await fillText(pieces, 4, count)).toBe("one two three");
});

test("is filled up where no beginning has the wished length", async () => {
  expect(await fillText(pieces, 5, count)).toBe("one two three a");
});

test("is refused where the pieces do not suffice", async () => {
  await expect(fillText(pieces, 8, count)).rejects.toThrow(RangeError);
});

test("is refused where the filler is more than a token", async () => {
  const doubled = async (text: string): Promise<number> => (await count(text)) + (text.endsWith(" a") ? 1 : 0);
  await expect(fillText(pieces, 5, doubled)).rejects.toThrow("instead of 5");
});
