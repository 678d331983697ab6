import { BenchreportError } from "@benchreport/contract";

/** A file of a model repository on Hugging Face. */
export interface HuggingFaceFile {
  readonly owner: string;
  readonly repository: string;
  /** Path of the file in its repository, with forward slashes. */
  readonly path: string;
  /** Branch, tag or commit; `undefined` for the repository's main branch. */
  readonly revision: string | undefined;
}

const scheme = /^hf:/i;
const part = /^(?!\.{1,2}$)[\w.-]+$/;
const pathPart = /^(?!\.{1,2}$)[^\\/:*?"<>|#\p{Cc}]+$/u;

/** Whether a user meant a file on Hugging Face, however badly spelt. */
export function isHuggingFaceFile(model: string): boolean {
  return scheme.test(model);
}

/**
 * Takes `hf:OWNER/REPOSITORY/FILE.gguf` apart, with `#REVISION` behind it where one was given.
 *
 * @throws `MODEL_NOT_FOUND` that says which part is missing or wrong.
 */
export function parseHuggingFaceFile(model: string): HuggingFaceFile {
  const [location = "", ...revisions] = model.replace(scheme, "").split("#");
  const [owner = "", repository = "", ...path] = location.split("/");
  if (location.startsWith("//")) throw malformed(model, "There are no slashes behind the colon.");
  if (!part.test(owner)) throw malformed(model, `"${owner}" is not the name of an owner.`);
  const [name = "", quantization] = repository.split(":");
  if (quantization !== undefined) {
    throw malformed(
      model,
      `A quantization (":${quantization}") names no file: the repository decides which one it means.`,
    );
  }
  if (!part.test(name)) throw malformed(model, `"${name}" is not the name of a repository.`);
  if (path.length === 0) throw malformed(model, "It names a repository, not a file in it.");
  const wrong = path.find((folder) => !pathPart.test(folder));
  if (wrong !== undefined) throw malformed(model, `"${wrong}" is not a part of a path.`);
  if (!/\.gguf$/i.test(path.at(-1) ?? "")) throw malformed(model, "The file is not a GGUF file.");
  const [revision] = revisions;
  if (revisions.length > 1 || (revision !== undefined && !part.test(revision))) {
    throw malformed(model, `"${revisions.join("#")}" is not a branch, tag or commit.`);
  }
  return { owner, repository, path: path.join("/"), revision };
}

/** What {@link parseHuggingFaceFile} takes apart. */
export function formatHuggingFaceFile({ owner, repository, path, revision }: HuggingFaceFile): string {
  return `hf:${owner}/${repository}/${path}${revision === undefined ? "" : `#${revision}`}`;
}

function malformed(model: string, why: string): BenchreportError {
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: `"${model}" does not name a model file on Hugging Face.`,
    why,
    fix: "Write hf:OWNER/REPOSITORY/FILE.gguf, and #REVISION behind it for another branch than main.",
    meta: { model },
  });
}
