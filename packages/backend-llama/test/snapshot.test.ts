import type { Backend, Session, Snapshot } from "@benchreport/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  abortInPrefix,
  answer,
  bits,
  coldAnswer,
  decodeAll,
  openLlama,
  openTiny,
  takeTurn,
  turn,
} from "./open-llama.ts";

const stable = `${Array.from({ length: 14 }, (_, index) => `Rule ${index}: keep every function small.`).join("\n")}\n`;
const question = "Why does this test fail?";

let engine: Backend;
let stableTokens: number;
let snapshot: Snapshot;

beforeAll(async () => {
  engine = await openLlama();
  stableTokens = (await engine.tokenize(stable, { start: true })).length;
  await using session = await open();
  await takeTurn(engine, session, stable, question);
  snapshot = await session.snapshot();
});
afterAll(() => engine.close());

function open(of = engine): Promise<Session> {
  return of.openSession({ contextTokens: 512 });
}

describe("a restored session", () => {
  it("is as warm as the original, and answers as a cold one, bit for bit", async () => {
    await using session = await open();
    expect(await session.restore(snapshot)).toEqual({
      prefixTokens: stableTokens,
      residentTokens: snapshot.residentTokens,
    });
    const input = turn(engine, stable, question);
    expect(await session.ensurePrefix(input.prefix)).toMatchObject({ reusedTokens: stableTokens, prefilledTokens: 0 });
    await session.prefillSuffix(input.suffix);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, stable, question));
  });

  it("answers without a suffix from the logits that were kept", async () => {
    await using session = await open();
    await session.restore(snapshot);
    expect(await takeTurn(engine, session, stable, "")).toEqual(await coldAnswer(engine, stable, ""));
    expect(session.explainContext().work.prefillTokens).toBe(0);
  });

  it("reuses after an edit what the original would have reused", async () => {
    const edited = stable.replace("Rule 9", "Line 9");
    await using session = await open();
    await session.restore(snapshot);
    const input = turn(engine, edited, question);
    const status = await session.ensurePrefix(input.prefix);
    expect(status.reusedTokens).toBe(Math.floor((status.miss?.commonTokens ?? 0) / 32) * 32);
    expect(status.reusedTokens).toBeGreaterThan(0);
    await session.prefillSuffix(input.suffix);
    expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, edited, question));
  });

  it("goes on in the middle of an answer, and behind a suffix, as the original does", async () => {
    const whole = (await coldAnswer(engine, stable, question)) as unknown[];
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const behindSuffix = await session.snapshot();
    const first = await decodeAll(session, { ...answer, maxTokens: 5 });
    const inAnswer = await session.snapshot();

    await using other = await open();
    await other.restore(inAnswer);
    expect(bits([...first, ...(await decodeAll(other, { ...answer, maxTokens: 7 }))])).toEqual(whole);
    await other.restore(behindSuffix);
    expect(bits(await decodeAll(other))).toEqual(whole);
  });

  it("replaces whatever the session held, and may hold nothing", async () => {
    await using empty = await open();
    const nothing = await empty.snapshot();
    await using session = await open();
    await takeTurn(engine, session, "Something else entirely.", question);
    await session.restore(snapshot);
    expect(await takeTurn(engine, session, stable, question)).toEqual(await coldAnswer(engine, stable, question));
    expect(await session.restore(nothing)).toEqual({ prefixTokens: 0, residentTokens: 0 });
    await expect(session.decode().next()).rejects.toMatchObject({ code: "EMPTY_PROMPT" });
  });
});

describe("a snapshot is refused, and leaves the session empty and usable,", () => {
  async function expectRefusal(bytes: Snapshot, error: object, of = engine): Promise<void> {
    await using session = await open(of);
    await takeTurn(of, session, stable, question);
    await expect(session.restore(bytes)).rejects.toMatchObject(error);
    expect(session.explainContext()).toMatchObject({ state: "open", residentTokens: 0, reusableTokens: 0 });
    expect(await session.ensurePrefix(turn(of, stable, "").prefix)).toMatchObject({ reusedTokens: 0 });
  }

  it("where a byte changed, in the header, the logits or the state", async () => {
    for (const at of [30, 400, snapshot.bytes.length - 400_000, snapshot.bytes.length - 1]) {
      const bytes = snapshot.bytes.slice();
      bytes.set([(bytes.at(at) ?? 0) ^ 1], at);
      await expectRefusal({ ...snapshot, bytes }, { code: "SNAPSHOT_CORRUPT" });
    }
  });

  it("where it was cut", async () => {
    const bytes = snapshot.bytes.subarray(0, -1);
    await expectRefusal({ ...snapshot, bytes }, { code: "SNAPSHOT_CORRUPT" });
  });

  it.each([
    ["numerics.ubatchTokens", { ubatchTokens: 64 }],
    ["numerics.kvCacheTypeK", { kvCacheTypeK: "q8_0" }],
    ["numerics.reuse", { reuse: "longest" }],
  ])("where %s differs", async (field, settings) => {
    await using other = await openLlama(settings);
    await expectRefusal(snapshot, { code: "SNAPSHOT_INCOMPATIBLE", meta: { field } }, other);
  });

  it("of another model", async () => {
    await using other = await openTiny("full");
    await expectRefusal(snapshot, { code: "SNAPSHOT_INCOMPATIBLE", meta: { field: "modelDigest" } }, other);
  });

  it("that does not fit", async () => {
    await using large = await engine.openSession({ contextTokens: 768 });
    await large.ensurePrefix(turn(engine, stable.repeat(4), "").prefix);
    await expectRefusal(await large.snapshot(), { code: "CONTEXT_OVERFLOW", meta: { stage: "restore" } });
  });
});

it("an incomplete prefix is no state to save", async () => {
  await using session = await open();
  await abortInPrefix(engine, session, stable);
  await expect(session.snapshot()).rejects.toMatchObject({ code: "PREFIX_INCOMPLETE" });
  await session.restore(snapshot);
  expect(await takeTurn(engine, session, stable, question)).toEqual(await coldAnswer(engine, stable, question));
});
