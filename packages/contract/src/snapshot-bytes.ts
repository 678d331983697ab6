import { sha256 } from "./digest.ts";
import { digestBlocks } from "./digest-blocks.ts";
import { BenchreportError } from "./errors.ts";
import type { ManifestIdentity, ManifestSegment } from "./manifest.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a snapshot holds, once its bytes are verified. */
export interface SnapshotContent {
  readonly identity: ManifestIdentity;
  readonly stableSegments: readonly ManifestSegment[];
  /** UTF-8 bytes of suffix text behind the stable segments. */
  readonly suffixBytes: number;
  /** Everything resident, in order: prefix, suffix, answer. */
  readonly tokens: readonly number[];
  readonly prefixTokens: number;
  /** Leading tokens whose cells an exact reuse policy may keep. */
  readonly sealedTokens: number;
  /** Whether the last token has no cell yet. */
  readonly pending: boolean;
  /** Logits behind the prefix's last token, for a decode without a suffix. */
  readonly prefixLogits: Float32Array | undefined;
  /** Logits behind the last resident token. */
  readonly lastLogits: Float32Array | undefined;
  /** The engine's own bytes. */
  readonly state: Uint8Array;
}

interface SnapshotHeader extends Omit<SnapshotContent, "prefixLogits" | "lastLogits" | "state"> {
  readonly prefixLogits: PartHeader;
  readonly lastLogits: PartHeader;
  readonly state: PartHeader;
}

/** A part of the payload: its length and the SHA-256 of each of its blocks. */
interface PartHeader {
  readonly bytes: number;
  readonly digests: readonly string[];
}

const format = "benchreport-snapshot/1";
const magic = new TextEncoder().encode(`${format}\n`);
const digestBytes = 32;
/** Magic, header length as 4 bytes little endian, SHA-256 of the header. */
const preambleBytes = magic.length + 4 + digestBytes;

/**
 * Packs a resident state: a header that says what it belongs to, then logits and engine bytes, all under SHA-256.
 */
export async function encodeSnapshot(content: SnapshotContent): Promise<Snapshot> {
  const { identity, stableSegments, suffixBytes, tokens, prefixTokens, sealedTokens, pending } = content;
  const prefixLogits = floatBytes(content.prefixLogits);
  const lastLogits = floatBytes(content.lastLogits);
  const header: SnapshotHeader = {
    identity,
    stableSegments,
    suffixBytes,
    tokens,
    prefixTokens,
    sealedTokens,
    pending,
    prefixLogits: await describePart(prefixLogits),
    lastLogits: await describePart(lastLogits),
    state: await describePart(content.state),
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, headerBytes.length, true);
  const headerDigest = Buffer.from(sha256(headerBytes), "hex");
  const bytes = concatenate([magic, length, headerDigest, headerBytes, prefixLogits, lastLogits, content.state]);
  return { format, identity, prefixTokens, residentTokens: tokens.length, bytes };
}

/**
 * Verifies and unpacks a snapshot's bytes, which must not change until the state was handed to the engine; the fields
 * beside them are never trusted. The state is a view of these bytes, not a copy.
 *
 * Rejects with `SNAPSHOT_CORRUPT`, `meta.found` naming what does not hold.
 */
export async function decodeSnapshot(snapshot: Pick<Snapshot, "bytes">): Promise<SnapshotContent> {
  const { header, payload } = readHeader(snapshot.bytes);
  const prefixLogitsEnd = header.prefixLogits.bytes;
  const lastLogitsEnd = prefixLogitsEnd + header.lastLogits.bytes;
  if (payload.length !== lastLogitsEnd + header.state.bytes) throw corrupt("payload of another length");
  const prefixLogits = payload.subarray(0, prefixLogitsEnd);
  const lastLogits = payload.subarray(prefixLogitsEnd, lastLogitsEnd);
  const state = payload.subarray(lastLogitsEnd);
  await verifyPart(prefixLogits, header.prefixLogits);
  await verifyPart(lastLogits, header.lastLogits);
  await verifyPart(state, header.state);
  const { identity, stableSegments, suffixBytes, tokens, prefixTokens, sealedTokens, pending } = header;
  return {
    identity,
    stableSegments,
    suffixBytes,
    tokens,
    prefixTokens,
    sealedTokens,
    pending,
    prefixLogits: floats(prefixLogits),
    lastLogits: floats(lastLogits),
    state,
  };
}

function readHeader(bytes: Uint8Array): { readonly header: SnapshotHeader; readonly payload: Uint8Array } {
  if (!(bytes instanceof Uint8Array)) throw corrupt("no bytes");
  if (bytes.length < preambleBytes) throw corrupt("shorter than its preamble");
  if (!equalBytes(bytes.subarray(0, magic.length), magic)) throw corrupt("another format or version");
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length, true);
  const headerEnd = preambleBytes + headerLength;
  if (bytes.length < headerEnd) throw corrupt("cut inside its header");
  const headerBytes = bytes.subarray(preambleBytes, headerEnd);
  const digest = Buffer.from(bytes.subarray(magic.length + 4, preambleBytes)).toString("hex");
  if (sha256(headerBytes) !== digest) throw corrupt("header digest differs");
  // The digest proves that this header was written whole by `encodeSnapshot`; its shape needs no second check.
  const header = JSON.parse(new TextDecoder().decode(headerBytes)) as SnapshotHeader;
  return { header, payload: bytes.subarray(headerEnd) };
}

async function describePart(bytes: Uint8Array): Promise<PartHeader> {
  return { bytes: bytes.length, digests: await digestBlocks(bytes) };
}

async function verifyPart(bytes: Uint8Array, { digests }: PartHeader): Promise<void> {
  const found = await digestBlocks(bytes);
  if (found.length !== digests.length || found.some((digest, index) => digest !== digests[index])) {
    throw corrupt("payload digest differs");
  }
}

function corrupt(found: string): BenchreportError {
  return new BenchreportError("SNAPSHOT_CORRUPT", {
    what: `The snapshot is damaged: ${found}.`,
    why: "Its bytes are not those that were saved.",
    fix: "Prefill the prompt again and take a new snapshot.",
    meta: { found },
  });
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function floatBytes(values: Float32Array | undefined): Uint8Array {
  if (values === undefined) return new Uint8Array(0);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function floats(bytes: Uint8Array): Float32Array | undefined {
  return bytes.length === 0 ? undefined : new Float32Array(bytes.slice().buffer);
}
