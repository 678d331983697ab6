import {
  createManifest,
  type DecodeConfig,
  type DecodeEvent,
  type Session,
  type TokenEvent,
} from "@benchreport/contract";
import { describe, expect, it } from "vitest";
import { MemoryBackend } from "./memory-backend.ts";
import { parseMemorySettings } from "./memory-settings.ts";

const stable = "The quick brown fox jumps over the lazy dog. ".repeat(4);
const edited = stable.replace("lazy", "tidy");

async function open(settings: Record<string, unknown> = {}, contextTokens?: number) {
  const backend = new MemoryBackend(parseMemorySettings(settings));
  const session = await backend.openSession({ contextTokens });
  return { backend, session, ...inputs(backend) };
}

function inputs(backend: MemoryBackend) {
  const { identity } = backend.describe();
  const parts = (text: string, name: string) => (text === "" ? [] : [{ kind: name, name, text }]);
  return {
    prefix: (text: string) => ({
      text,
      manifest: createManifest(identity, { stable: parts(text, "stable"), volatile: [] }),
    }),
    suffix: (stableText: string, text: string, heldSuffixBytes = 0) => ({
      text,
      manifest: createManifest(identity, {
        stable: parts(stableText, "stable"),
        volatile: parts(text, "question"),
        heldSuffixBytes,
      }),
    }),
  };
}

async function decodeAll(session: Session, config: DecodeConfig = { maxTokens: 24, ignoreEndOfGeneration: true }) {
  const events: DecodeEvent[] = [];
  for await (const event of session.decode(config)) events.push(event);
  return events;
}

function ids(events: readonly DecodeEvent[]) {
  return events.filter((event): event is TokenEvent => event.type === "token").map((event) => event.id);
}

async function coldAnswer(text: string, question: string, settings = {}) {
  const { session, prefix, suffix } = await open(settings);
  await session.ensurePrefix(prefix(text));
  await session.prefillSuffix(suffix(text, question));
  return ids(await decodeAll(session));
}

describe("a turn", () => {
  it("accounts for every token", async () => {
    const { session, prefix, suffix } = await open({ chunkTokens: 50 }, 400);
    expect(await session.ensurePrefix(prefix(stable))).toMatchObject({
      reusedTokens: 0,
      prefilledTokens: 180,
      droppedTokens: 0,
      prefixTokens: 180,
      residentTokens: 180,
      availableTokens: 220,
      miss: { reason: "nothing_resident" },
    });
    expect(await session.prefillSuffix(suffix(stable, "Why?"))).toMatchObject({ suffixTokens: 4, residentTokens: 184 });
    const events = await decodeAll(session);
    expect(events.at(-1)).toMatchObject({ type: "finish", reason: "length", outputTokens: 24 });
    expect(session.explainContext()).toMatchObject({
      residentTokens: 208,
      availableTokens: 192,
      reusableTokens: 180,
      work: { prefillCalls: 5, prefillTokens: 184, decodeCalls: 23, abortedCalls: 0 },
    });
    const again = await session.ensurePrefix(prefix(stable));
    expect(again).toMatchObject({ reusedTokens: 180, prefilledTokens: 0, droppedTokens: 28, miss: undefined });
  });

  it("answers the same warm as cold, after an edit too", async () => {
    const { session, prefix, suffix } = await open({ granularityTokens: 16 });
    for (const text of [stable, stable, edited, `${edited} And more.`, stable.slice(0, 90)]) {
      await session.ensurePrefix(prefix(text));
      await session.prefillSuffix(suffix(text, "Why?"));
      expect(ids(await decodeAll(session))).toEqual(await coldAnswer(text, "Why?"));
    }
  });

  it("gives other answers to other texts", async () => {
    const answers = [
      await coldAnswer(stable, "Why?"),
      await coldAnswer(edited, "Why?"),
      await coldAnswer(stable, "Who?"),
    ];
    expect(new Set(answers.map(String)).size).toBe(3);
  });

  it("takes the time that its cost model says", async () => {
    const { backend, session, prefix, suffix } = await open({
      chunkTokens: 100,
      prefillTokenMs: 1,
      decodeTokenMs: 8,
      callMs: 0.5,
    });
    await session.ensurePrefix(prefix(stable));
    expect(backend.clock()).toBe(181_000_000n);
    await session.prefillSuffix(suffix(stable, "Why?"));
    expect(backend.clock()).toBe(185_500_000n);
    const events = await decodeAll(session, { maxTokens: 3, ignoreEndOfGeneration: true });
    expect(events.map((event) => event.at)).toEqual([186_000_000n, 194_500_000n, 203_000_000n, 203_000_000n]);
    expect(backend.clock()).toBe(203_000_000n);
  });

  it("pays for prefill in decode where phases are deferred", async () => {
    const { backend, session, prefix } = await open({ chunkTokens: 100, phases: "deferred" });
    await session.ensurePrefix(prefix(stable));
    expect(backend.clock()).toBe(0n);
    const events = await decodeAll(session, { maxTokens: 1 });
    expect(events[0]?.at).toBe(181_500_000n);
  });
});

describe("corners", () => {
  it("decodes behind the prefix alone, and behind a suffix alone", async () => {
    const first = await open();
    await first.session.ensurePrefix(first.prefix(stable));
    const answer = ids(await decodeAll(first.session));
    expect(answer).toHaveLength(24);
    const second = await open();
    await second.session.prefillSuffix(second.suffix("", stable));
    expect(ids(await decodeAll(second.session))).toEqual(answer);
  });

  it("counts the begin token with the prefix, or with the first suffix of an empty one", async () => {
    const one = await open({ addBos: true });
    expect(await one.session.ensurePrefix(one.prefix("abc"))).toMatchObject({ prefixTokens: 4 });
    const two = await open({ addBos: true });
    expect(await two.session.ensurePrefix(two.prefix(""))).toMatchObject({ prefixTokens: 0, reusedTokens: 0 });
    expect(await two.session.prefillSuffix(two.suffix("", "ab"))).toMatchObject({ suffixTokens: 3 });
  });

  it("has nothing to decode on a fresh session", async () => {
    const { session } = await open();
    await expect(session.decode().next()).rejects.toMatchObject({ code: "EMPTY_PROMPT" });
  });

  it("continues the text in a second decode, as one long decode would", async () => {
    const whole = ids(await decodeAll((await warm()).session, { maxTokens: 20, ignoreEndOfGeneration: true }));
    const { session } = await warm();
    const parts = [];
    for (const maxTokens of [7, 13])
      parts.push(...ids(await decodeAll(session, { maxTokens, ignoreEndOfGeneration: true })));
    expect(parts).toEqual(whole);
  });

  it("refuses what does not fit before anything is touched, and accepts an exact fit", async () => {
    const { session, prefix, suffix } = await open({}, 184);
    await session.ensurePrefix(prefix(stable));
    await expect(session.prefillSuffix(suffix(stable, "Why??"))).rejects.toMatchObject({
      code: "CONTEXT_OVERFLOW",
      meta: { stage: "suffix", residentTokens: 180, additionalTokens: 5, contextTokens: 184 },
    });
    await expect(session.ensurePrefix(prefix(`${stable}12345`))).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
    expect(session.explainContext()).toMatchObject({ residentTokens: 180, work: { prefillTokens: 180 } });
    expect(await session.prefillSuffix(suffix(stable, "Why?"))).toMatchObject({ availableTokens: 0 });
    expect(await decodeAll(session)).toMatchObject([{ type: "finish", reason: "context_full", outputTokens: 0 }]);
    expect(await session.ensurePrefix(prefix(stable))).toMatchObject({ reusedTokens: 180 });
  });
});

describe("an abort", () => {
  it("in the prefix leaves whole calls, and the next turn goes on from them and equals a cold one", async () => {
    const { session, prefix, suffix } = await open({ chunkTokens: 10, granularityTokens: 10 });
    const controller = new AbortController();
    const call = session.ensurePrefix(prefix(stable), { signal: controller.signal });
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(call).rejects.toThrow("enough");
    const { reusableTokens, work } = session.explainContext();
    expect(reusableTokens).toBeGreaterThan(0);
    expect(reusableTokens).toBeLessThan(180);
    expect(work.abortedCalls).toBe(1);
    await expect(session.prefillSuffix(suffix(stable, "Why?"))).rejects.toMatchObject({ code: "PREFIX_INCOMPLETE" });
    await expect(session.decode().next()).rejects.toMatchObject({ code: "PREFIX_INCOMPLETE" });
    const next = await session.ensurePrefix(prefix(stable));
    expect(next).toMatchObject({ reusedTokens: reusableTokens, miss: { reason: "aborted_before" } });
    await session.prefillSuffix(suffix(stable, "Why?"));
    expect(ids(await decodeAll(session))).toEqual(await coldAnswer(stable, "Why?"));
  });

  it("in the suffix leaves the turn as it was before", async () => {
    const { session, prefix, suffix } = await open({ chunkTokens: 4 });
    await session.ensurePrefix(prefix(stable));
    const controller = new AbortController();
    const call = session.prefillSuffix(suffix(stable, "Why on earth?"), { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(session.explainContext()).toMatchObject({ residentTokens: 180 });
    await session.prefillSuffix(suffix(stable, "Why?"));
    expect(ids(await decodeAll(session))).toEqual(await coldAnswer(stable, "Why?"));
  });

  it("or leaving the loop keeps what was delivered, and a second decode goes on from there", async () => {
    const { session } = await warm();
    const whole = ids(await decodeAll((await warm()).session, { maxTokens: 20, ignoreEndOfGeneration: true }));
    const seen: (number | undefined)[] = [];
    for await (const event of session.decode({ maxTokens: 20, ignoreEndOfGeneration: true })) {
      if (event.type === "token") seen.push(event.id);
      if (seen.length === 5) break;
    }
    expect(session.explainContext().residentTokens).toBe(189);
    seen.push(...ids(await decodeAll(session, { maxTokens: 15, ignoreEndOfGeneration: true })));
    expect(seen).toEqual(whole);
  });
});

describe("a manifest", () => {
  it("of another prompt format recomputes everything and says so", async () => {
    const { session, prefix } = await open();
    await session.ensurePrefix(prefix(stable));
    const { manifest, text } = prefix(stable);
    const other = { text, manifest: { ...manifest, identity: { ...manifest.identity, promptFormat: "chat" } } };
    expect(await session.ensurePrefix(other)).toMatchObject({
      reusedTokens: 0,
      miss: { reason: "manifest_changed", field: "promptFormat" },
    });
  });
  it("that does not fit touches nothing", async () => {
    const { session, prefix } = await open();
    await session.ensurePrefix(prefix(stable));
    const wrong = { text: `${stable}!`, manifest: prefix(stable).manifest };
    await expect(session.ensurePrefix(wrong)).rejects.toMatchObject({ code: "MANIFEST_MISMATCH" });
    expect(session.explainContext().residentTokens).toBe(180);
  });
});

describe("a snapshot", () => {
  it("restores into a fresh session, as warm as the original, and continues identically", async () => {
    const { backend, session, prefix, suffix } = await warm();
    const snapshot = await session.snapshot();
    const answer = ids(await decodeAll(session));
    const fresh = await backend.openSession();
    expect(await fresh.restore(snapshot)).toEqual({ prefixTokens: 180, residentTokens: 184 });
    expect(ids(await decodeAll(fresh))).toEqual(answer);
    expect(await fresh.ensurePrefix(prefix(stable))).toMatchObject({ reusedTokens: 180 });
    await fresh.prefillSuffix(suffix(stable, "Why?"));
    expect(ids(await decodeAll(fresh))).toEqual(answer);
  });
  it("of another model or with damaged bytes is refused and leaves the session empty", async () => {
    const { session, backend } = await warm();
    const snapshot = await session.snapshot();
    const other = await new MemoryBackend(parseMemorySettings({ weights: 2 })).openSession();
    await expect(other.restore(snapshot)).rejects.toMatchObject({
      code: "SNAPSHOT_INCOMPATIBLE",
      meta: { field: "modelDigest" },
    });
    const damaged = { ...snapshot, bytes: snapshot.bytes.slice(0, -1) };
    const fresh = await backend.openSession();
    await expect(fresh.restore(damaged)).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
    expect(fresh.explainContext()).toMatchObject({ residentTokens: 0, state: "open" });
  });
});

it("closes for good, and still explains itself", async () => {
  const { session, prefix } = await open();
  await session.close();
  await session.close();
  await expect(session.ensurePrefix(prefix(stable))).rejects.toMatchObject({ code: "SESSION_CLOSED" });
  expect(session.explainContext().state).toBe("closed");
});

it("limits the sessions that are open at once", async () => {
  const { backend, session } = await open({ maxSessions: 1 });
  await expect(backend.openSession()).rejects.toMatchObject({ code: "TOO_MANY_SESSIONS" });
  await session.close();
  await (await backend.openSession()).close();
});

it("draws the same tokens for the same seed, and others for another", async () => {
  const config = { maxTokens: 24, temperature: 2, ignoreEndOfGeneration: true };
  const answers = [];
  for (const seed of [1, 1, 2]) answers.push(ids(await decodeAll((await warm()).session, { ...config, seed })));
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).not.toEqual(answers[2]);
});

it("differs in its last digits when warm, where it is set to be inexact", async () => {
  const { session, prefix } = await open({ exact: false });
  const probabilities = [];
  for (let turn = 0; turn < 2; turn++) {
    await session.ensurePrefix(prefix(stable));
    const [event] = await decodeAll(session, { maxTokens: 1, logProbabilities: true });
    probabilities.push(event?.type === "token" ? event.logProbability : undefined);
  }
  expect(probabilities[0]).toBeCloseTo(probabilities[1] ?? 0, 4);
  expect(probabilities[0]).not.toBe(probabilities[1]);
});

async function warm() {
  const opened = await open();
  await opened.session.ensurePrefix(opened.prefix(stable));
  await opened.session.prefillSuffix(opened.suffix(stable, "Why?"));
  return opened;
}
