import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const pollMs = 200;

/** Reports the size in bytes of everything in a folder, a few times a second, until stopped. */
export function watchFolderSize(folder: string, onBytes: (bytes: number) => void): { stop(): void } {
  let stopped = false;
  let measuring = false;
  const timer = setInterval(() => {
    if (measuring) return;
    measuring = true;
    void folderSize(folder).then((bytes) => {
      measuring = false;
      if (!stopped) onBytes(bytes);
    });
  }, pollMs);
  timer.unref();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** Files that vanish while they are counted count nothing. */
async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (facts) => (facts.isFile() ? facts.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
