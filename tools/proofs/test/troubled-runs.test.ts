import { MemoryBackend, parseMemorySettings } from "@benchreport/backend-memory";
import { type Backend, BenchreportError, type Session } from "@benchreport/contract";
import { describeHeadline, parseReport, type Report } from "@benchreport/report";
import { createHarness, type RunOptions, type RunProgress, runBenchmark } from "@benchreport/runner";
import { expect, it } from "vitest";
import { edited200, handMadeScenario } from "../src/hand-made-scenario.ts";

type Wrap = (session: Session, index: number) => Partial<Session>;

/** The memory engine with parts of each session replaced. */
function wrapped(wrap: Wrap): Backend {
  const backend = new MemoryBackend(parseMemorySettings({ chunkTokens: 50, granularityTokens: 50 }));
  let opened = 0;
  return new Proxy(backend, {
    get(target, name) {
      if (name !== "openSession") return bound(target, name);
      return async (...options: Parameters<Backend["openSession"]>) => {
        const session = await target.openSession(...options);
        const replaced = wrap(session, opened++);
        return new Proxy(session, {
          get: (inner, key) => (key in replaced ? Reflect.get(replaced, key) : bound(inner, key)),
        });
      };
    },
  });
}

function bound(target: object, name: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? value.bind(target) : value;
}

async function runWith(wrap: Wrap, options: RunOptions = { repetitions: 2 }): Promise<Report> {
  await using backend = wrapped(wrap);
  return await runBenchmark(createHarness(backend), handMadeScenario, options);
}

it("records a section that throws with its code, and goes on", async () => {
  const report = await runWith((session) => ({
    ensurePrefix(input, options) {
      if (input.text === edited200) throw new BenchreportError("ENGINE_FAILED", { what: "The engine stumbled." });
      return session.ensurePrefix(input, options);
    },
  }));
  expect(report.complete).toBe(true);
  expect(report.sections.edited_stable_segment).toMatchObject({
    status: "failed",
    error_code: "ENGINE_FAILED",
    reason: "The engine stumbled.",
    samples: [],
  });
  expect(report.sections.warm_changed_suffix.status).toBe("measured");
  expect(report.sections.cancel_decode.status).toBe("measured");
  expect(report.headline).toMatchObject({ shown: false, reason: "the section edited_stable_segment failed." });
  expect(describeHeadline(report)).toContain("FAILED: section edited_stable_segment");
  expect(parseReport(JSON.parse(JSON.stringify(report)))).toMatchObject({ ok: true });
});

it("measures a noise floor where a warm answer differs, and fails when all cold answers agree", async () => {
  const report = await runWith((session) => ({
    async *decode(config, options) {
      // Warm sessions, which have reused a prefix, answer with another last token.
      const warm =
        session.explainContext().work.prefillTokens !== 220 && session.explainContext().work.prefillTokens !== 224;
      for await (const event of session.decode(config, options)) {
        yield event.type === "token" && warm && event.id !== undefined ? { ...event, id: event.id + 1 } : event;
      }
    },
  }));
  const verdict = report.verdicts.find(({ claim }) => claim === "output_unchanged");
  expect(verdict?.outcome).toBe("fail");
  expect(verdict?.evidence[0]?.["cold_runs"]).toBeGreaterThanOrEqual(6);
  expect(describeHeadline(report)).toMatch(/^FAILED: /);
});

it("adds yardsticks for a cold turn that was too fast, and says that it was warm", async () => {
  // A cache shared between sessions, hidden from every count: a fresh session on a known text takes 150 of its 202 ms
  // less.
  let savedNanoseconds = 0n;
  const known = new Set<string>();
  await using backend = wrapped((session) => ({
    async ensurePrefix(input, options) {
      const status = await session.ensurePrefix(input, options);
      if (known.has(input.text) && status.reusedTokens === 0) savedNanoseconds += 150_000_000n;
      known.add(input.text);
      return status;
    },
  }));
  const clock = backend.clock;
  const hurried = new Proxy(backend, {
    get: (target, name) => (name === "clock" ? () => (clock?.() ?? 0n) - savedNanoseconds : bound(target, name)),
  });
  const report = await runBenchmark(createHarness(hurried), handMadeScenario, { repetitions: 3 });
  expect(report.verdicts.find(({ claim }) => claim === "cold_is_cold")).toMatchObject({
    outcome: "fail",
    explanation: expect.stringContaining("less than half of the fastest yardstick"),
  });
  expect(report.run.yardstick).toHaveLength(4);
  expect(report.headline.shown).toBe(false);
});

it("sees that an over-long prompt was cut in silence", async () => {
  const report = await runWith((session) => ({
    async prefillSuffix(input, options) {
      try {
        return await session.prefillSuffix(input, options);
      } catch (error) {
        if (!BenchreportError.is(error, "CONTEXT_OVERFLOW")) throw error;
        const { residentTokens, prefixTokens, availableTokens } = session.explainContext();
        return { suffixTokens: 1, tokenizeMs: 0, residentTokens, prefixTokens, availableTokens };
      }
    },
  }));
  expect(outcomeOf(report, "over_context")).toBe("fail");
  expect(report.failure_cases.over_context).toBe(false);
  expect(checkOf(report, "over_context", "suffix one token too long")).toMatchObject({ ok: false, seen: "accepted" });
});

it("sees that a refused prompt had changed what was resident", async () => {
  const report = await runWith((session) => ({
    async ensurePrefix(input, options) {
      try {
        return await session.ensurePrefix(input, options);
      } catch (error) {
        const nothing = { text: "", manifest: { ...input.manifest, segments: [] } };
        await session.ensurePrefix(nothing);
        throw error;
      }
    },
  }));
  expect(checkOf(report, "over_context", "prefix one token too long")).toMatchObject({ ok: false, unchanged: false });
});

it("sees that an abort was answered with another reason", async () => {
  const report = await runWith((session) => ({
    ensurePrefix: (input, options) =>
      session.ensurePrefix(input, options).catch((error: unknown) => {
        throw options?.signal?.aborted === true ? new Error("aborted, somehow") : error;
      }),
  }));
  expect(outcomeOf(report, "cancel_prefill")).toBe("fail");
});

it("sees that an engine does not stop", async () => {
  const report = await runWith((session) => ({
    ensurePrefix: (input, options) =>
      options?.signal?.aborted === true ? session.ensurePrefix(input, options) : session.ensurePrefix(input),
  }));
  expect(outcomeOf(report, "cancel_prefill")).toBe("fail");
  expect(checkOf(report, "cancel_prefill", "abort in the prefix")).toMatchObject({ ok: false, seen: "finished" });
});

it("does not blame an abort for answers that differ from cold ones anyway", async () => {
  let answers = 0;
  await using backend = wrapped((session) => ({
    async *decode(config, options) {
      const noise = answers++ % 3;
      for await (const event of session.decode(config, options)) {
        yield event.type === "token" && event.id !== undefined ? { ...event, id: event.id + noise } : event;
      }
    },
  }));
  const { capabilities } = backend;
  const inexact = { ...capabilities, reuse: { ...capabilities.reuse, exact: false } };
  const noisy = new Proxy(backend, {
    get: (target, name) => (name === "capabilities" ? inexact : bound(target, name)),
  });
  const report = await runBenchmark(createHarness(noisy), handMadeScenario, { repetitions: 2 });
  expect(report.verdicts.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  expect(outcomeOf(report, "output_unchanged")).toBe("inconclusive");
  expect(report.headline.shown).toBe(false);
});

it("fails the section whose correctness turn failed", async () => {
  const report = await runWith((session) => ({
    decode(config, options) {
      if (config?.logProbabilities === true) throw new BenchreportError("ENGINE_FAILED", { what: "No logits." });
      return session.decode(config, options);
    },
  }));
  expect(report.sections.warm_changed_suffix).toMatchObject({ status: "failed", reason: "No logits." });
  expect(outcomeOf(report, "output_unchanged")).toBe("inconclusive");
});

it("keeps a finished run when the engine cannot close its session", async () => {
  const report = await runWith((session, index) => ({
    async close() {
      await session.close();
      if (index === 0) throw new Error("cannot close");
    },
  }));
  expect(report.complete).toBe(true);
  expect(report.notes.join("\n")).toContain("cannot close");
  expect(report.sections.cold_full_prefill.status).toBe("measured");
});

it("says at once when no session can be opened", async () => {
  const backend = new MemoryBackend(parseMemorySettings({}));
  const refusing = new Proxy(backend, {
    get: (target, name) =>
      name === "openSession"
        ? () => Promise.reject(new BenchreportError("INSUFFICIENT_MEMORY", { what: "Too large." }))
        : bound(target, name),
  });
  const run = runBenchmark(createHarness(refusing), handMadeScenario, {});
  await expect(run).rejects.toMatchObject({ code: "INSUFFICIENT_MEMORY" });
});

it("measures an engine without token ids by its texts, and says what it cannot prove", async () => {
  await using backend = wrapped((session) => ({
    async *decode(config, options) {
      for await (const event of session.decode(config, options)) {
        yield event.type === "token" ? { ...event, id: undefined } : event;
      }
    },
  }));
  const blind = { ...backend.capabilities, tokenIds: false };
  const served = new Proxy(backend, {
    get: (target, name) => (name === "capabilities" ? blind : bound(target, name)),
  });
  const report = await runBenchmark(createHarness(served), handMadeScenario, { repetitions: 2 });
  expect(report.run.priming_turns).toBeLessThanOrEqual(3);
  expect(outcomeOf(report, "prefix_reused")).toBe("unsupported");
  expect(outcomeOf(report, "output_unchanged")).toBe("pass");
  expect(outcomeOf(report, "cancel_decode")).toBe("pass");
  expect(report.verdicts.filter(({ outcome }) => outcome === "fail")).toEqual([]);
});

it("keeps every turn with its answer, so that each comparison can be checked by hand", async () => {
  const report = await runWith(() => ({}));
  const roles = report.untimed_turns.map((turn) => turn["role"]);
  expect(new Set(roles)).toEqual(new Set(["warm_up", "yardstick", "reference", "correctness"]));
  const reference = report.untimed_turns.find((turn) => turn["role"] === "reference");
  expect(reference?.["log_probabilities"]).toHaveLength(handMadeScenario.maxDecode);
  expect(reference?.token_ids).toHaveLength(handMadeScenario.maxDecode);
});

it("sees that an aborted decode left more than was delivered", async () => {
  const report = await runWith((session) => ({
    explainContext() {
      const context = session.explainContext();
      const aborted = context.work.abortedCalls > 0 && context.residentTokens !== context.prefixTokens;
      return aborted ? { ...context, residentTokens: (context.residentTokens ?? 0) + 1 } : context;
    },
  }));
  expect(outcomeOf(report, "cancel_decode")).toBe("fail");
});

it("stops at an interruption with what was measured", async () => {
  const controller = new AbortController();
  const progress: RunProgress[] = [];
  const report = await runWith(() => ({}), {
    repetitions: 3,
    signal: controller.signal,
    onProgress(step) {
      progress.push(step);
      if (progress.length === 12) controller.abort(new Error("enough"));
    },
  });
  expect(report.complete).toBe(false);
  expect(report.sections.snapshot_save.status).toBe("not_run");
  expect(report.sections.over_context).toMatchObject({ status: "not_run", reason: "the run was interrupted" });
  expect(report.sections.cold_full_prefill.samples.length).toBeGreaterThan(0);
  expect(Object.values(report.sections).every((section) => (section as { status: string }).status !== "failed")).toBe(
    true,
  );
  expect(parseReport(JSON.parse(JSON.stringify(report)))).toMatchObject({ ok: true });
});

it("tells its progress: every step once, a growing count, and the time that is left", async () => {
  const progress: RunProgress[] = [];
  await runWith(() => ({}), { repetitions: 2, onProgress: (step) => void progress.push(step) });
  expect(progress.map(({ doneSteps }) => doneSteps)).toEqual(progress.map((_, index) => index));
  expect(progress[0]?.remainingMs).toBeUndefined();
  expect(progress.at(-1)).toMatchObject({ now: undefined, remainingMs: 0 });
  expect(progress.at(-1)?.doneSteps).toBe(progress.at(-1)?.totalSteps);
});

function outcomeOf(report: Report, claim: string): string | undefined {
  return report.verdicts.find((verdict) => verdict.claim === claim)?.outcome;
}

function checkOf(report: Report, section: string, check: string): unknown {
  return report.failure_details[section]?.find((one) => one["check"] === check);
}
