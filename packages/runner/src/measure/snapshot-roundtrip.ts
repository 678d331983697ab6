import { BenchreportError, decodeSnapshot, encodeSnapshot, type Session, type Snapshot } from "@benchreport/contract";
import type { TurnRequest } from "../plan/step.ts";
import type { Bench, BenchSession } from "./bench.ts";
import { type DecodedAnswer, decodeAnswer } from "./decode-answer.ts";
import type { FailureCheck, SnapshotSample, SnapshotTiming } from "./sample.ts";

/** The check that says whether a restored session answers as the original. */
export const answerCheck = "the answer goes on as the original's";

/** As many cold answers as decide elsewhere whether a difference is noise. */
const noiseFloorRuns = 4;

/**
 * Saves a session behind a suffix, restores it into fresh ones, and looks at whether they go on as the original did, are
 * as warm as it was, and refuse what is foreign or damaged.
 */
export async function snapshotRoundtrip(bench: Bench, repetitions: number): Promise<SnapshotSample> {
  const saved = await bench.withFresh((original) => saveOriginal(bench, original, repetitions));
  const restores: SnapshotTiming[] = [];
  const checks: FailureCheck[] = [];
  try {
    for (let count = 1; count < repetitions; count++) {
      await bench.withFresh(
        async ({ session }) => void restores.push(await timeRestore(bench, session, saved.snapshot)),
      );
    }
    await bench.withFresh(async (restored) => {
      restores.push(await timeRestore(bench, restored.session, saved.snapshot));
      checks.push(...(await compareWithOriginal(bench, restored, saved)));
      checks.push(...(await refuseOthers(restored.session, saved.snapshot)));
    });
  } catch (error) {
    // A snapshot that cannot be restored is a claim that does not hold, whatever it throws; what was seen before stays.
    bench.signal?.throwIfAborted();
    const seen = error instanceof Error ? error.message : String(error);
    checks.push({ check: "a snapshot can be restored", ok: false, expected: "no rejection", seen });
  }
  return { kind: "snapshot", saves: saved.saves, restores, checks, kvBytesPerToken: saved.kvBytesPerToken };
}

/** What the original session gave, to be held against a restored one. */
interface SavedOriginal {
  readonly snapshot: Snapshot;
  readonly saves: readonly SnapshotTiming[];
  readonly kvBytesPerToken: number | undefined;
  /** Its answer behind the place where it was saved. */
  readonly answer: DecodedAnswer;
  /** What its next turn reused. */
  readonly reusedTokens: number | undefined;
}

async function saveOriginal(bench: Bench, original: BenchSession, repetitions: number): Promise<SavedOriginal> {
  const { session } = original;
  const { prefix, suffix } = bench.harness.turn(bench.scenario.stable, bench.scenario.suffix);
  await session.ensurePrefix(prefix, { signal: bench.signal });
  const short = await session.snapshot({ signal: bench.signal });
  if (suffix.text !== "") await session.prefillSuffix(suffix, { signal: bench.signal });
  const saves: SnapshotTiming[] = [];
  let snapshot = short;
  for (let count = 0; count < repetitions; count++) {
    const start = bench.clock();
    snapshot = await session.snapshot({ signal: bench.signal });
    saves.push(timing(bench.clock() - start, snapshot));
  }
  const answer = await decodeAnswer(session, answerConfig(bench));
  const { reusedTokens } = await bench.turn(original, nextTurn(bench));
  return { snapshot, saves, kvBytesPerToken: await measureBytesPerToken(short, snapshot), answer, reusedTokens };
}

async function timeRestore(bench: Bench, session: Session, snapshot: Snapshot): Promise<SnapshotTiming> {
  const start = bench.clock();
  await session.restore(snapshot, { signal: bench.signal });
  return timing(bench.clock() - start, snapshot);
}

async function compareWithOriginal(
  bench: Bench,
  restored: BenchSession,
  saved: SavedOriginal,
): Promise<FailureCheck[]> {
  const { session } = restored;
  const resident = {
    check: "as many tokens are resident",
    ok: session.explainContext().residentTokens === saved.snapshot.residentTokens,
    expected: saved.snapshot.residentTokens,
    seen: session.explainContext().residentTokens ?? null,
  };
  const answer = await compareAnswers(bench, saved.answer, await decodeAnswer(session, answerConfig(bench)));
  const { reusedTokens } = await bench.turn(restored, nextTurn(bench));
  const known = reusedTokens !== undefined && saved.reusedTokens !== undefined;
  const warm = {
    check: "the next turn reuses as much as the original's",
    ok: known ? reusedTokens === saved.reusedTokens : null,
    ...(known ? {} : { reason: "the engine does not say what it reused" }),
    expected: saved.reusedTokens ?? null,
    seen: reusedTokens ?? null,
  };
  return [resident, answer, warm];
}

/** A different answer counts where the original would repeat its own, or the engine declares that it is exact. */
async function compareAnswers(bench: Bench, original: DecodedAnswer, restored: DecodedAnswer): Promise<FailureCheck> {
  const { exact } = bench.harness.backend.capabilities.reuse;
  const check = {
    check: answerCheck,
    compared_tokens: original.outputTokens,
    logits_compared: exact && hasLogits(original),
  };
  if (original.outputTokens === 0) return { ...check, ok: null, reason: "the answer was empty" };
  if (sameAnswer(original, restored, exact)) return { ...check, ok: true };
  const seen = { expected: original.text, seen: restored.text };
  if (exact) return { ...check, ok: false, ...seen };
  for (let count = 0; count < noiseFloorRuns; count++) {
    const again = await bench.withFresh(({ session }) => answerLikeOriginal(bench, session));
    if (!sameAnswer(original, again, false)) {
      return { ...check, ok: null, reason: "cold answers differ among themselves too" };
    }
  }
  return { ...check, ok: false, ...seen };
}

async function answerLikeOriginal(bench: Bench, session: Session): Promise<DecodedAnswer> {
  const { prefix, suffix } = bench.harness.turn(bench.scenario.stable, bench.scenario.suffix);
  await session.ensurePrefix(prefix, { signal: bench.signal });
  if (suffix.text !== "") await session.prefillSuffix(suffix, { signal: bench.signal });
  return decodeAnswer(session, answerConfig(bench));
}

/** Bytes that are no snapshot of this engine's must be refused before it sees them, and leave the session empty. */
async function refuseOthers(session: Session, snapshot: Snapshot): Promise<FailureCheck[]> {
  const content = await decodeSnapshot(snapshot);
  const identity = { ...content.identity, modelDigest: `not ${content.identity.modelDigest}` };
  const damaged = snapshot.bytes.slice();
  const middle = damaged.length >> 1;
  damaged.set([(damaged.at(middle) ?? 0) ^ 1], middle);
  return [
    await refused("a snapshot of another model is refused", "SNAPSHOT_INCOMPATIBLE", session, () =>
      encodeSnapshot({ ...content, identity }),
    ),
    await refused("a changed byte is refused", "SNAPSHOT_CORRUPT", session, () => ({ ...snapshot, bytes: damaged })),
    await refused("a cut snapshot is refused", "SNAPSHOT_CORRUPT", session, () => ({
      ...snapshot,
      bytes: snapshot.bytes.subarray(0, -1),
    })),
  ];
}

async function refused(
  check: string,
  expected: string,
  session: Session,
  make: () => Snapshot | Promise<Snapshot>,
): Promise<FailureCheck> {
  const seen = await session.restore(await make()).then(
    () => "accepted",
    (error: unknown) => (BenchreportError.is(error) ? error.code : String(error)),
  );
  const { residentTokens } = session.explainContext();
  return {
    check,
    ok: seen === expected && residentTokens === 0,
    expected,
    seen,
    resident_tokens: residentTokens ?? null,
  };
}

/** From two states of different lengths, so that what a state holds beside its tokens does not count. */
async function measureBytesPerToken(short: Snapshot, long: Snapshot): Promise<number | undefined> {
  const tokens = long.residentTokens - short.residentTokens;
  if (tokens === 0) return undefined;
  const [shorter, longer] = await Promise.all([decodeSnapshot(short), decodeSnapshot(long)]);
  return (longer.state.length - shorter.state.length) / tokens;
}

function nextTurn({ scenario }: Bench): TurnRequest {
  return {
    prefix: { name: "stable", text: scenario.stable },
    suffix: { name: "suffix", text: scenario.suffix },
    decodeTokens: 1,
    logProbabilities: false,
  };
}

function answerConfig({ harness, scenario, signal }: Bench) {
  const { logProbabilities, ignoreEndOfGeneration } = harness.backend.capabilities;
  return { config: { maxTokens: scenario.maxDecode, logProbabilities, ignoreEndOfGeneration }, signal };
}

function sameAnswer(left: DecodedAnswer, right: DecodedAnswer, exact: boolean): boolean {
  const same = left.text === right.text && String(left.tokenIds) === String(right.tokenIds);
  if (!exact || !same) return same;
  return equalBits(left.logProbabilities, right.logProbabilities) && equalBits(left.margins, right.margins);
}

function hasLogits(answer: DecodedAnswer): boolean {
  return answer.logProbabilities.some((value) => value !== undefined);
}

function equalBits(left: readonly (number | undefined)[], right: readonly (number | undefined)[]): boolean {
  return left.length === right.length && left.every((value, index) => Object.is(value, right[index]));
}

function timing(nanoseconds: bigint, { bytes, residentTokens }: Snapshot): SnapshotTiming {
  return { ms: Number(nanoseconds) / 1e6, bytes: bytes.length, tokens: residentTokens };
}
