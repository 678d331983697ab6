import type { Backend, Session } from "@benchreport/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, bits, coldAnswer, decodeAll, openTiny, takeTurn, turn } from "./open-llama.ts";

const stable = `${Array.from({ length: 6 }, (_, index) => `Rule ${index}: keep every function small.`).join("\n")}\n`;
const question = "Why does this test fail?";

describe.each(["sliding_window", "recurrent", "hybrid"] as const)("a model with %s memory", (memory) => {
  let engine: Backend;
  let stableTokens: number;
  beforeAll(async () => {
    engine = await openTiny(memory, { reuse: "longest" });
    stableTokens = (await engine.tokenize(stable, { start: true })).length;
  });
  afterAll(() => engine.close());

  function open(): Promise<Session> {
    return engine.openSession({ contextTokens: 512 });
  }

  it("declares that it reuses nothing, and says so", () => {
    expect(engine.capabilities).toMatchObject({
      reuse: { trim: "none", granularityTokens: 1, from: "prefix" },
      snapshot: false,
      cancel: memory === "sliding_window" ? "operation" : "chunk",
    });
    expect(engine.describe()).toMatchObject({ model: { memory }, settings: { reuse: "none" } });
    expect(engine.describe().notes).toContainEqual(expect.stringMatching(/^Nothing is reused/));
  });

  it("computes every turn whole, and answers as a fresh session does, bit for bit", async () => {
    await using session = await open();
    const cold = await coldAnswer(engine, stable, question);
    for (const _ of [1, 2]) {
      const input = turn(engine, stable, question);
      const status = await session.ensurePrefix(input.prefix);
      expect(status).toMatchObject({
        reusedTokens: 0,
        prefilledTokens: stableTokens,
        miss: { reason: "not_supported", commonTokens: expect.any(Number) },
      });
      await session.prefillSuffix(input.suffix);
      expect(bits(await decodeAll(session))).toEqual(cold);
    }
    expect(session.explainContext()).toMatchObject({ reusableTokens: 0 });
    expect(await takeTurn(engine, session, stable, "")).toEqual(await coldAnswer(engine, stable, ""));
    expect(await takeTurn(engine, session, stable.slice(40), question)).toEqual(
      await coldAnswer(engine, stable.slice(40), question),
    );
  });

  it("takes an aborted suffix back, although its memory cannot go back", async () => {
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    const long = turn(engine, stable, `${question} `.repeat(15)).suffix;
    const before = session.explainContext().work.prefillTokens;
    const controller = new AbortController();
    const call = session.prefillSuffix(long, { signal: controller.signal });
    while (session.explainContext().work.prefillTokens === before) await new Promise(setImmediate);
    controller.abort(new Error("enough"));
    const outcome = await call.then(
      () => "finished",
      () => "aborted",
    );
    if (outcome === "aborted") {
      expect(session.explainContext().residentTokens).toBe(stableTokens);
      await session.prefillSuffix(input.suffix);
      expect(bits(await decodeAll(session))).toEqual(await coldAnswer(engine, stable, question));
    }
    expect(await takeTurn(engine, session, stable, question)).toEqual(await coldAnswer(engine, stable, question));
  });

  it.each([1, 3])("goes on behind an answer that was left after %i tokens", async (taken) => {
    const whole = (await coldAnswer(engine, stable, question)) as unknown[];
    await using session = await open();
    const input = turn(engine, stable, question);
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const before = session.explainContext().residentTokens ?? 0;
    const events = session.decode({ ...answer, maxTokens: 200 });
    const delivered = [];
    while (delivered.length < taken) delivered.push((await events.next()).value);
    await events.return?.();
    expect(session.explainContext().residentTokens).toBe(before + taken);
    const rest = await decodeAll(session, { ...answer, maxTokens: 12 - taken });
    expect(bits([...delivered, ...rest])).toEqual(whole);
  });

  it("goes on behind a second suffix in the shapes of the first time", async () => {
    const second = " And which one should change first?";
    const take = async (session: Session, leaveAfter: number): Promise<unknown> => {
      const input = turn(engine, stable, question);
      await session.ensurePrefix(input.prefix);
      await session.prefillSuffix(input.suffix);
      const events = session.decode({ ...answer, maxTokens: leaveAfter === 0 ? 4 : 200 });
      for (let count = 0; count < 4; count++) await events.next();
      await events.return?.();
      const { manifest } = turn(engine, stable, question + second).suffix;
      const stableSegments = manifest.segments.filter(({ stable: isStable }) => isStable);
      const { end } = input.suffix.manifest.segments.at(-1)?.bytes ?? { end: 0 };
      const [behind] = turn(engine, "", second).suffix.manifest.segments;
      const bytes = { start: end, end: end + second.length };
      const segments = behind === undefined ? stableSegments : [...stableSegments, { ...behind, bytes }];
      await session.prefillSuffix({ text: second, manifest: { ...manifest, segments } });
      return bits(await decodeAll(session));
    };
    await using left = await open();
    await using ended = await open();
    expect(await take(left, 4)).toEqual(await take(ended, 0));
  });

  it("takes no snapshot", async () => {
    await using session = await open();
    await session.ensurePrefix(turn(engine, stable, "").prefix);
    await expect(session.snapshot()).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    expect(session.explainContext().residentTokens).toBe(stableTokens);
  });
});
