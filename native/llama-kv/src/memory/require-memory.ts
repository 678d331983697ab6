import { LlamaKvError } from "../errors.ts";
import { readAvailableMemory } from "./available-memory.ts";

/** Memory that a call is about to ask for. */
export interface MemoryDemand {
  /** What it is for, as in "The model's weights need …". */
  readonly what: string;
  readonly bytes: number;
  readonly fix: string;
  readonly meta: Readonly<Record<string, number>>;
}

/**
 * Refuses what can not fit: the system would promise it all the same, and end the process when the promise is used.
 *
 * @throws {LlamaKvError} INSUFFICIENT_MEMORY with `meta.neededBytes` and `meta.availableBytes`.
 */
export function requireMemory(
  { what, bytes, fix, meta }: MemoryDemand,
  available: number = readAvailableMemory(),
): void {
  if (bytes <= available) return;
  throw new LlamaKvError("INSUFFICIENT_MEMORY", {
    message: `${what} ${formatMebibytes(bytes)}, and this process can have ${formatMebibytes(available)}.`,
    why: "The system would promise the memory all the same, and end the process when it is used.",
    fix,
    meta: { ...meta, neededBytes: bytes, availableBytes: available },
  });
}

function formatMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString("en-US")} MiB`;
}
