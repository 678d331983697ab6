import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { WheelModel } from "../src/default-model/wheel-model.ts";

export const modelContent: Buffer = Buffer.alloc(300_000, "GGUF is not looked at here. ");

export const tinyModel: WheelModel = {
  title: "Tiny",
  fileName: "tiny.gguf",
  bytes: modelContent.length,
  sha256: createHash("sha256").update(modelContent).digest("hex"),
  wheel: { project: "fake", version: "1.0", entry: "fake/tiny.gguf", bytes: 4000 },
};

/** Writes a zip file with the given entries. */
export async function writeWheel(path: string, entries: Readonly<Record<string, Buffer>>): Promise<void> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(content, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}
