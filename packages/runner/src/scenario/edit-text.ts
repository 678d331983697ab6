/** A change to the stable text, by which it is shown that a miss is found where it must be. */
export interface TextEdit {
  readonly name: string;
  readonly text: string;
}

/**
 * The runner's own edits of a text: one word replaced in the middle, at the end and at the start, one inserted and one
 * removed in the middle,
 * and the text cut at three quarters. A text of fewer than eight words is not edited.
 */
export function editText(text: string): TextEdit[] {
  const words: readonly string[] = text.match(/\s*\S+/g) ?? [];
  if (words.length < 8) return [];
  const tail = text.slice(words.join("").length);
  const build = (changed: readonly string[]): string => changed.join("") + tail;
  const middle = Math.floor(words.length / 2);
  return [
    { name: "one word replaced, middle", text: build(words.with(middle, replaceWord(words[middle] ?? ""))) },
    { name: "one word inserted, middle", text: build(words.toSpliced(middle, 0, " zebra")) },
    { name: "one word removed, middle", text: build(words.toSpliced(middle, 1)) },
    { name: "one word replaced, end", text: build(words.with(-1, replaceWord(words.at(-1) ?? ""))) },
    { name: "cut at three quarters", text: words.slice(0, Math.floor((words.length * 3) / 4)).join("") },
    // Last, since a session has to be warmed again from its first token behind it.
    { name: "one word replaced, start", text: build(words.with(0, replaceWord(words[0] ?? ""))) },
  ];
}

/** Another word behind the same white space. */
function replaceWord(word: string): string {
  const space = word.slice(0, word.length - word.trimStart().length);
  return `${space}${word.trim() === "zebra" ? "walrus" : "zebra"}`;
}
