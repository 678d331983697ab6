import { sha256 } from "./digest.ts";
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
  readonly prefixLogits: number;
  readonly lastLogits: number;
  readonly stateBytes: number;
  readonly payloadDigest: string;
}

const format = "benchreport-snapshot/1";
const magic = new TextEncoder().encode(`${format}\n`);
const digestBytes = 32;
/** Magic, header length as 4 bytes little endian, SHA-256 of the header. */
const preambleBytes = magic.length + 4 + digestBytes;

/**
 * Packs a resident state: a header that says what it belongs to, then logits and engine bytes, both under a SHA-256.
 */
export function encodeSnapshot(content: SnapshotContent): Snapshot {
  const { identity, stableSegments, suffixBytes, tokens, prefixTokens, sealedTokens, pending } = content;
  const payload = concatenate([
    floatBytes(content.prefixLogits ?? new Float32Array(0)),
    floatBytes(content.lastLogits ?? new Float32Array(0)),
    content.state,
  ]);
  const header: SnapshotHeader = {
    identity,
    stableSegments,
    suffixBytes,
    tokens,
    prefixTokens,
    sealedTokens,
    pending,
    prefixLogits: content.prefixLogits?.length ?? 0,
    lastLogits: content.lastLogits?.length ?? 0,
    stateBytes: content.state.length,
    payloadDigest: sha256(payload),
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, headerBytes.length, true);
  const bytes = concatenate([magic, length, Buffer.from(sha256(headerBytes), "hex"), headerBytes, payload]);
  return { format, identity, prefixTokens, residentTokens: tokens.length, bytes };
}

/**
 * Verifies and unpacks a snapshot's bytes; the fields beside them are never trusted.
 *
 * @throws `SNAPSHOT_CORRUPT` with `meta.found` naming what does not hold.
 */
export function decodeSnapshot(snapshot: Pick<Snapshot, "bytes">): SnapshotContent {
  const bytes = snapshot.bytes;
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
  const payload = bytes.subarray(headerEnd);
  const prefixLogitsEnd = header.prefixLogits * 4;
  const lastLogitsEnd = prefixLogitsEnd + header.lastLogits * 4;
  if (payload.length !== lastLogitsEnd + header.stateBytes) throw corrupt("payload of another length");
  if (sha256(payload) !== header.payloadDigest) throw corrupt("payload digest differs");
  return {
    identity: header.identity,
    stableSegments: header.stableSegments,
    suffixBytes: header.suffixBytes,
    tokens: header.tokens,
    prefixTokens: header.prefixTokens,
    sealedTokens: header.sealedTokens,
    pending: header.pending,
    prefixLogits: floats(payload.subarray(0, prefixLogitsEnd)),
    lastLogits: floats(payload.subarray(prefixLogitsEnd, lastLogitsEnd)),
    state: payload.subarray(lastLogitsEnd),
  };
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

function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function floats(bytes: Uint8Array): Float32Array | undefined {
  return bytes.length === 0 ? undefined : new Float32Array(bytes.slice().buffer);
}
