/** What the name of one part of a split GGUF model says: `model-00001-of-00003.gguf`. */
export interface SplitName {
  readonly part: number;
  readonly parts: number;
  /** The name of any part. */
  nameOf(part: number): string;
}

const splitName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s;

/** Takes a file's name or path apart; `undefined` for a model in one file. */
export function parseSplitName(path: string): SplitName | undefined {
  const [, stem, part, parts] = splitName.exec(path) ?? [];
  if (stem === undefined || Number(parts) === 0 || Number(part) === 0 || Number(part) > Number(parts)) return undefined;
  const nameOf = (index: number) => `${stem}-${String(index).padStart(5, "0")}-of-${parts}.gguf`;
  return { part: Number(part), parts: Number(parts), nameOf };
}

/** All files of a model in the order of its parts; only `path` itself for a model in one file. */
export function splitParts(path: string): readonly string[] {
  const split = parseSplitName(path);
  return split === undefined ? [path] : Array.from({ length: split.parts }, (_, index) => split.nameOf(index + 1));
}
