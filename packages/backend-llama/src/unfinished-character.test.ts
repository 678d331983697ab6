import { expect, it } from "vitest";
import { unfinishedCharacter } from "./unfinished-character.ts";

it.each([
  ["nothing", "", 0, 0],
  ["letters", "abc", 3, 0],
  ["a whole character of two bytes", "aé", 3, 0],
  ["the first byte of two", "aé", 2, 1],
  ["one byte of three", "€", 1, 1],
  ["two bytes of three", "€", 2, 2],
  ["three bytes of three", "€", 3, 0],
  ["three bytes of four", "a🎉", 4, 3],
  ["four bytes of four", "a🎉", 5, 0],
])("behind %s", (_, text, length, unfinished) => {
  const bytes = Buffer.from(text).subarray(0, length);
  expect(Array.from(unfinishedCharacter(bytes))).toEqual(Array.from(bytes.subarray(length - unfinished)));
});

it("leaves what is no UTF-8 alone", () => {
  expect(unfinishedCharacter(Uint8Array.of(0x80, 0x80, 0x80, 0x80))).toHaveLength(0);
});
