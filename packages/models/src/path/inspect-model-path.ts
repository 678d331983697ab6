import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { BenchreportError } from "@benchreport/contract";

/** A model path that exists, is of the wanted kind and can be read. */
export interface InspectedPath {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Looks at a path that a user gave for a model, without opening it: what is inside is the engine's business.
 *
 * @throws `MODEL_NOT_FOUND` · `MODEL_INVALID`
 */
export async function inspectModelPath(model: string, wanted: "file" | "folder"): Promise<InspectedPath> {
  const path = resolve(model);
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw absent(error.code) ? notFound(path, wanted, error) : unreadableModel(path, error);
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
  return { path, bytes: facts.size };
}

function absent(code: string | undefined): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}

function notFound(path: string, wanted: "file" | "folder", cause: Error): BenchreportError {
  return new BenchreportError("MODEL_NOT_FOUND", {
    what: `There is no model at ${path}.`,
    why: `No such ${wanted}.`,
    fix: `Check the path given with --model${wanted === "file" ? ", or leave --model out to use the default model" : ""}.`,
    meta: { path },
    cause,
  });
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
