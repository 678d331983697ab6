import { open, rename, rm } from "node:fs/promises";

/** Writes beside the target and renames: what was there before is replaced by a whole file or not at all. */
export async function writeWhole(absolute: string, text: string): Promise<void> {
  const beside = `${absolute}.${process.pid}.new`;
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, absolute);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
