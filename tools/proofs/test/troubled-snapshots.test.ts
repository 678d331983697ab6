import { MemoryBackend, parseMemorySettings } from "@benchreport/backend-memory";
import type { Backend, Capabilities, Session } from "@benchreport/contract";
import type { Report } from "@benchreport/report";
import { createHarness, runBenchmark } from "@benchreport/runner";
import { describe, expect, it } from "vitest";
import { handMadeScenario } from "../src/hand-made-scenario.ts";

/** The memory engine with parts of each session replaced, and perhaps other capabilities. */
async function runWith(wrap: (session: Session) => Partial<Session>, declared: Partial<Capabilities> = {}) {
  await using backend = new MemoryBackend(parseMemorySettings({ chunkTokens: 50, granularityTokens: 50 }));
  const wrapped: Backend = new Proxy(backend, {
    get(target, name) {
      if (name === "capabilities") return { ...target.capabilities, ...declared };
      if (name !== "openSession") return bound(target, name);
      return async (...options: Parameters<Backend["openSession"]>) => {
        const session = await target.openSession(...options);
        const replaced = wrap(session);
        return new Proxy(session, {
          get: (inner, key) => (key in replaced ? Reflect.get(replaced, key) : bound(inner, key)),
        });
      };
    },
  });
  return await runBenchmark(createHarness(wrapped), handMadeScenario, { repetitions: 2 });
}

function bound(target: object, name: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? value.bind(target) : value;
}

function roundtrip(report: Report) {
  return report.verdicts.find(({ claim }) => claim === "snapshot_roundtrip");
}

describe("a snapshot fails its claim", () => {
  it("when restoring it brings nothing back", async () => {
    const report = await runWith(() => ({
      restore: async ({ prefixTokens, residentTokens }) => ({ prefixTokens, residentTokens }),
    }));
    expect(roundtrip(report)).toMatchObject({ outcome: "fail" });
    expect(report.headline.shown).toBe(false);
  });

  it("when restoring it throws, and the save is reported all the same", async () => {
    const report = await runWith(() => ({ restore: () => Promise.reject(new Error("out of luck")) }));
    expect(roundtrip(report)).toMatchObject({
      outcome: "fail",
      explanation: expect.stringContaining("seen out of luck"),
    });
    expect(report.snapshot_save).toMatchObject({ tokens: 220 });
    expect(report.snapshot_restore).toMatchObject({ tokens: null, output_equals_original: null });
  });

  it("when a restored session is cold", async () => {
    const report = await runWith((session) => {
      let restored = false;
      return {
        restore: async (snapshot, options) => {
          restored = true;
          return session.restore(snapshot, options);
        },
        ensurePrefix: async (input, options) => {
          const status = await session.ensurePrefix(input, options);
          return restored ? { ...status, reusedTokens: 0, prefilledTokens: status.prefixTokens } : status;
        },
      };
    });
    expect(roundtrip(report)).toMatchObject({
      outcome: "fail",
      explanation: expect.stringContaining("reuses as much"),
    });
  });

  it("when a restored session answers something else", async () => {
    const report = await runWith((session) => {
      let restored = false;
      return {
        restore: async (snapshot, options) => {
          restored = true;
          return session.restore(snapshot, options);
        },
        async *decode(config, options) {
          for await (const event of session.decode(config, options)) {
            yield restored && event.type === "token" ? { ...event, id: (event.id ?? 0) + 1 } : event;
          }
        },
      };
    });
    expect(roundtrip(report)?.outcome).toBe("fail");
    expect(report.snapshot_restore?.output_equals_original).toBe(false);
  });

  it("when damaged bytes are accepted", async () => {
    const report = await runWith((session) => ({
      restore: (snapshot, options) =>
        session.restore(snapshot, options).catch(({ meta }) => ({ prefixTokens: 0, residentTokens: 0, meta })),
    }));
    expect(roundtrip(report)).toMatchObject({
      outcome: "fail",
      explanation: expect.stringMatching(/is refused" does not hold: .* seen accepted/),
    });
  });

  it("when a session keeps half of what it refused", async () => {
    const report = await runWith((session) => {
      let refused = false;
      return {
        restore: (snapshot, options) =>
          session.restore(snapshot, options).catch((error: unknown) => {
            refused = true;
            throw error;
          }),
        explainContext: () => ({ ...session.explainContext(), ...(refused ? { residentTokens: 7 } : {}) }),
      };
    });
    expect(roundtrip(report)?.outcome).toBe("fail");
  });
});

it("an engine that takes none leaves the sections unsupported", async () => {
  const report = await runWith(() => ({}), { snapshot: false });
  expect(roundtrip(report)?.outcome).toBe("unsupported");
  expect(report.sections.snapshot_save).toMatchObject({
    status: "unsupported",
    reason: "the engine takes no snapshots",
  });
  expect(report).toMatchObject({ snapshot_save: null, snapshot_restore: null });
});
