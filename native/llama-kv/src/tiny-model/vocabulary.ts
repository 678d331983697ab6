import { VOCABULARY_TOKENS } from "./dimensions.ts";
import { type GgufValue, uint32 } from "./gguf-value.ts";

/** Tokens that are no text. They come first, so that their ids are their places here. */
export const CONTROL_TOKENS: readonly string[] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"];

/**
 * A byte-level BPE vocabulary: a token for every byte, so that any text goes through it and back, and tokens for the
 * beginnings of common words.
 */
export function vocabularyMetadata(): Record<string, GgufValue> {
  const bytes = Array.from({ length: 256 }, (_, byte) => characterOfByte(byte));
  const merges = mergesOfWords(VOCABULARY_TOKENS - CONTROL_TOKENS.length - bytes.length);
  const text = [...bytes, ...merges.map(([first, second]) => first + second)];
  return {
    "tokenizer.ggml.model": "gpt2",
    // A way to split text into words that gives back every white space.
    "tokenizer.ggml.pre": "smollm",
    "tokenizer.ggml.tokens": [...CONTROL_TOKENS, ...text],
    "tokenizer.ggml.token_type": {
      type: "int32",
      values: [...CONTROL_TOKENS.map(() => TYPE_CONTROL), ...text.map(() => TYPE_NORMAL)],
    },
    // Only embedding models read it.
    "tokenizer.ggml.token_type_count": uint32(1),
    "tokenizer.ggml.merges": merges.map((pair) => pair.join(" ")),
    "tokenizer.ggml.bos_token_id": uint32(0),
    "tokenizer.ggml.eos_token_id": uint32(0),
    "tokenizer.ggml.padding_token_id": uint32(3),
    "tokenizer.ggml.add_bos_token": false,
  };
}

const TYPE_NORMAL = 1;
const TYPE_CONTROL = 3;

/** Each merge makes the next longer beginning of a word a token. */
function mergesOfWords(count: number): (readonly [string, string])[] {
  const merges = new Map<string, readonly [string, string]>();
  for (const word of WORDS.split(" ")) {
    const characters = [SPACE, ...word];
    for (let length = 2; length <= characters.length && merges.size < count; length += 1) {
      const [first, second] = [characters.slice(0, length - 1).join(""), characters[length - 1] ?? ""];
      merges.set(first + second, [first, second]);
    }
  }
  if (merges.size !== count) throw new RangeError(`The words give ${merges.size} merges, not ${count}.`);
  return [...merges.values()];
}

/** How GPT-2 writes bytes as characters: printable ones as themselves, the others from U+0100 on. */
function characterOfByte(byte: number): string {
  if (isPrintable(byte)) return String.fromCharCode(byte);
  const before = Array.from({ length: byte }, (_, other) => other).filter((other) => !isPrintable(other));
  return String.fromCharCode(256 + before.length);
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

const SPACE = characterOfByte(0x20);

const WORDS =
  "the of and to in is that for it was on are as with be at this have from or by one had not but what all were when " +
  "we there can an your which their said if do will each about how up out them then she many some so these would " +
  "other into has more her two like him see time could no make than first been its who now people my made over did " +
  "down only way find use may water long little very after words called just where most know return function const " +
  "import string number value error file test code line";
