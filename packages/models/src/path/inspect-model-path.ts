import { constants } from "node:fs";
import { access, lstat, readlink, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import { parseSplitName, splitParts } from "./split-model.ts";

/** A model path that exists, is of the wanted kind and can be read. */
export interface InspectedPath {
  /** Absolute; of a split model the first part. */
  readonly path: string;
  /** Of all parts. */
  readonly bytes: number;
  /** Every file of the model, in order. */
  readonly parts: readonly string[];
}

/** Missing parts that an error names. */
const namedParts = 5;

/**
 * Looks at a path that a user gave for a model, without opening it: what is inside is the engine's business. Of a split
 * model every part is looked at.
 *
 * @throws `MODEL_NOT_FOUND` · `MODEL_INVALID`
 */
export async function inspectModelPath(model: string, wanted: "file" | "folder"): Promise<InspectedPath> {
  const path = resolve(model);
  if (wanted === "folder") return { path, bytes: await inspectPart(path, wanted), parts: [path] };
  const bytes = await inspectPart(path, wanted);
  const split = parseSplitName(basename(path));
  if (split === undefined || split.parts === 1) return { path, bytes, parts: [path] };

  const parts = splitParts(path);
  const missing = await absentFiles(parts);
  if (missing.length > 0) throw partsMissing(path, split.parts, missing);
  if (split.part !== 1) throw notFirstPart(path, split.part, split.parts, parts[0] ?? path);
  let sum = 0;
  for (const part of parts) sum += await inspectPart(part, wanted);
  return { path, bytes: sum, parts };
}

/** @returns Its size in bytes. */
async function inspectPart(path: string, wanted: "file" | "folder"): Promise<number> {
  const facts = await stat(path).catch(async (error: NodeJS.ErrnoException) => {
    throw absent(error.code) ? await notFound(path, wanted, error) : unreadableModel(path, error);
  });
  if (wanted === "file" && facts.isDirectory()) {
    throw invalid(path, "is a directory", "This engine takes one model file.", "Name the model file inside it.");
  }
  if (wanted === "folder" && !facts.isDirectory()) {
    throw invalid(
      path,
      "is not a directory",
      "This engine takes a model folder.",
      "Name the folder that holds the model.",
    );
  }
  if (wanted === "file" && !facts.isFile()) {
    throw invalid(
      path,
      "is not a regular file",
      "A model is mapped into memory, which needs a file on a disk.",
      "Copy it to a file.",
    );
  }
  if (wanted === "file" && facts.size === 0) {
    throw invalid(
      path,
      "is empty",
      "It has 0 bytes, as an interrupted download leaves it.",
      "Download the model again.",
    );
  }
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw unreadableModel(path, error);
  });
  return facts.size;
}

/**
 * The first few files that are absent. One that cannot even be looked at is not absent: looking at it closely says what
 * is wrong.
 */
async function absentFiles(paths: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const path of paths) {
    if (missing.length > namedParts) break;
    await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (absent(error.code)) missing.push(path);
    });
  }
  return missing;
}

function absent(code: string | undefined): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}

async function notFound(path: string, wanted: "file" | "folder", cause: Error): Promise<BenchreportError> {
  const target = await lstat(path).then(
    (facts) => (facts.isSymbolicLink() ? readlink(path) : undefined),
    () => undefined,
  );
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: `There is no model at ${path}.`,
    why:
      target === undefined
        ? `No such ${wanted}.`
        : `It is a symbolic link to ${target}, where there is nothing (any more).`,
    fix: `Check the path given with --model${wanted === "file" ? ", or leave --model out to use the default model" : ""}.`,
    meta: { path },
    cause,
  });
}

function partsMissing(path: string, parts: number, missing: readonly string[]): BenchreportError {
  const names = missing.slice(0, namedParts).map((part) => basename(part));
  const more = missing.length > names.length ? " and more" : "";
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: `The model at ${path} is not complete.`,
    why: `It is split into ${parts} parts, and of these ${names.join(", ")}${more} ${missing.length === 1 ? "is" : "are"} missing.`,
    fix: "Put every part into the same folder, under the names that they were published with.",
    meta: { path, missing: names },
  });
}

function notFirstPart(path: string, part: number, parts: number, first: string): BenchreportError {
  return invalid(
    path,
    `is part ${part} of ${parts}`,
    "A split model is opened by its first part.",
    `Pass --model ${first}.`,
  );
}

/** The error for a model whose bytes do not come: rights, a broken disk, a lost network drive. */
export function unreadableModel(path: string, cause: NodeJS.ErrnoException): BenchreportError {
  return new BenchreportError("MODEL_INVALID", {
    what: `The model at ${path} cannot be read.`,
    why: cause.code === "EACCES" || cause.code === "EPERM" ? `Permission denied (${cause.code}).` : cause.message,
    fix: "Give this user the right to read it and to enter the folders above it.",
    meta: { path },
    cause,
  });
}

function invalid(path: string, fault: string, why: string, fix: string): BenchreportError {
  return new BenchreportError("MODEL_INVALID", { what: `The model at ${path} ${fault}.`, why, fix, meta: { path } });
}
