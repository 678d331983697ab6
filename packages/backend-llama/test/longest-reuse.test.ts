import type { Backend } from "@benchreport/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, bits, decodeAll, openLlama, takeTurn, turn } from "./open-llama.ts";

const stable = `${Array.from({ length: 9 }, (_, index) => `Rule ${index}: keep every function small.`).join("\n")}\n`;
const question = "Why does this test fail?";

let longest: Backend;
beforeAll(async () => {
  // Steps of 128: tiles of 64 rows are what makes shapes differ.
  longest = await openLlama({ reuse: "longest", ubatchTokens: 128 });
});
afterAll(() => longest.close());

async function count(text: string): Promise<number> {
  return (await longest.tokenize(text, { start: true })).length;
}

describe("the longest reuse", () => {
  it("says what it does", () => {
    expect(longest.capabilities.reuse).toMatchObject({
      granularityTokens: 1,
      from: "resident",
      exact: false,
    });
    expect(longest.describe().notes).toContainEqual(expect.stringContaining("may differ"));
  });

  it("keeps every token in front of an edit", async () => {
    await using session = await longest.openSession({ contextTokens: 512 });
    await session.ensurePrefix(turn(longest, stable, "").prefix);
    const status = await session.ensurePrefix(turn(longest, stable.replace("Rule 8", "Line 8"), "").prefix);
    expect(status.miss).toMatchObject({ reason: "edited", roundedDownTokens: 0 });
    expect(status.reusedTokens).toBe(status.miss?.commonTokens);
    expect((status.reusedTokens ?? 0) % 32).not.toBe(0);
  });

  it("keeps an answer that became part of the prompt", async () => {
    await using session = await longest.openSession({ contextTokens: 512 });
    const input = turn(longest, stable, question);
    await session.ensurePrefix(input.prefix);
    await session.prefillSuffix(input.suffix);
    const events = await decodeAll(session, { ...answer, logProbabilities: false });
    const text = events.map((event) => (event.type === "token" ? event.text : "")).join("");
    expect(session.explainContext().reusableTokens).toBe((await count(stable)) + (await count(question)) + 11);
    const next = await session.ensurePrefix(turn(longest, `${stable}${question}${text}\nAnd why?`, "").prefix);
    expect(next.reusedTokens).toBeGreaterThan((await count(stable)) + (await count(question)));
  });

  it("of the same prefix behind an answer evaluates its last token again", async () => {
    await using session = await longest.openSession({ contextTokens: 512 });
    await takeTurn(longest, session, stable, question);
    const status = await session.ensurePrefix(turn(longest, stable, "").prefix);
    expect(status).toMatchObject({ reusedTokens: (await count(stable)) - 1, prefilledTokens: 1 });
    expect(status.miss).toMatchObject({ reason: "truncated" });
  });
});

it("is rightly not declared exact: a last token that is evaluated alone has other bits than one in its chunk", async () => {
  await using warm = await longest.openSession({ contextTokens: 512 });
  await takeTurn(longest, warm, stable, question);
  await using cold = await longest.openSession({ contextTokens: 512 });
  expect(await takeTurn(longest, warm, stable, "")).not.toEqual(await takeTurn(longest, cold, stable, ""));
});

it("restores what was saved as warm as it was", async () => {
  await using session = await longest.openSession({ contextTokens: 512 });
  const input = turn(longest, stable, question);
  await session.ensurePrefix(input.prefix);
  await session.prefillSuffix(input.suffix);
  const snapshot = await session.snapshot();
  await using other = await longest.openSession({ contextTokens: 512 });
  await other.restore(snapshot);
  expect(other.explainContext().reusableTokens).toBe(session.explainContext().reusableTokens);
  expect(bits(await decodeAll(other))).toEqual(bits(await decodeAll(session)));
});
