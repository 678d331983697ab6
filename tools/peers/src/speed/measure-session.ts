import assert from "node:assert/strict";
import type { Backend, Session } from "@benchreport/contract";
import { seededRandom } from "@benchreport/runner";
import { countWith } from "../session/count-tokens.ts";
import { decodeAnswer } from "../session/decode-answer.ts";
import { createTurnInput } from "../session/turn-input.ts";
import { fillText } from "../text/fill-text.ts";
import { naturalPieces } from "../text/natural-text.ts";
import type { SpeedSizes, SpeedTest, TestSamples } from "./speed-tests.ts";

/**
 * Times a test through the session API, from call to resolution: tokenising, checks and the copy of the logits are
 * inside. Every sample is checked for having evaluated exactly what the other side evaluates.
 */
export async function measureSession(engine: Backend, sizes: SpeedSizes, test: SpeedTest): Promise<TestSamples> {
  const texts = await prepareTexts(engine, sizes);
  await using session = await engine.openSession({
    contextTokens: sizes.depth + sizes.prefillTokens + sizes.decodeTokens,
  });
  const timePrefill = test.depth === 0 ? timePrefix : timeSuffix;
  return await repeat(test, sizes, (turn) =>
    test.phase === "decode" ? timeDecode(engine, session, texts, test) : timePrefill(engine, session, texts, turn),
  );
}

interface Texts {
  /** As many as there are prefills of a run at depth 0: no two begin alike, so that nothing can be reused. */
  readonly prompts: readonly string[];
  readonly suffix: string;
  readonly deep: string;
  readonly tokens: SpeedSizes;
}

async function prepareTexts(engine: Backend, sizes: SpeedSizes): Promise<Texts> {
  const start = countWith(engine, { start: true });
  const random = seededRandom(1);
  const fill = (lead: string, tokens: number, count: typeof start): Promise<string> =>
    fillText([lead, ...naturalPieces(random, 2 * tokens)], tokens, count);
  const prompts: string[] = [];
  for (let turn = 0; turn <= sizes.repetitions; turn++) {
    prompts.push(await fill(`${turn + 1} turns.`, sizes.prefillTokens, start));
  }
  const suffix = await fill("Question:", sizes.prefillTokens, countWith(engine, { start: false }));
  return { prompts, suffix, deep: await fill("Deep:", sizes.depth, start), tokens: sizes };
}

/** One warm-up, which is not kept, then the samples: as llama-bench does. */
async function repeat(
  test: SpeedTest,
  { repetitions }: SpeedSizes,
  time: (turn: number) => Promise<number>,
): Promise<TestSamples> {
  const tokensPerSecond: number[] = [];
  for (let turn = 0; turn <= repetitions; turn++) {
    const milliseconds = await time(turn);
    if (turn > 0) tokensPerSecond.push((test.tokens * MILLISECONDS_PER_SECOND) / milliseconds);
  }
  return { test, tokensPerSecond };
}

async function timePrefix(engine: Backend, session: Session, texts: Texts, turn: number): Promise<number> {
  const { prefix } = createTurnInput(engine, texts.prompts[turn] ?? "", "");
  const begin = performance.now();
  const { prefilledTokens } = await session.ensurePrefix(prefix);
  const milliseconds = performance.now() - begin;
  assert.equal(prefilledTokens, texts.tokens.prefillTokens);
  return milliseconds;
}

async function timeSuffix(engine: Backend, session: Session, texts: Texts): Promise<number> {
  const { prefix, suffix } = createTurnInput(engine, texts.deep, texts.suffix);
  await session.ensurePrefix(prefix);
  const begin = performance.now();
  const { suffixTokens, residentTokens } = await session.prefillSuffix(suffix);
  const milliseconds = performance.now() - begin;
  assert.equal(suffixTokens, texts.tokens.prefillTokens);
  assert.equal(residentTokens, texts.tokens.depth + texts.tokens.prefillTokens);
  return milliseconds;
}

/**
 * llama-bench evaluates each of its tokens and samples none. The last token of an answer is sampled and not evaluated,
 * so one more is asked for: both sides evaluate the same number, and sampling and delivery come on top of ours. A
 * session needs a token to go on from: depth 0 is depth 1 here.
 */
async function timeDecode(engine: Backend, session: Session, texts: Texts, test: SpeedTest): Promise<number> {
  const { prefix } = createTurnInput(engine, test.depth === 0 ? "A" : texts.deep, "");
  await session.ensurePrefix(prefix);
  const before = session.explainContext().work.decodeCalls;
  const begin = performance.now();
  await decodeAnswer(session, { maxTokens: test.tokens + 1, ignoreEndOfGeneration: true });
  const milliseconds = performance.now() - begin;
  assert.equal(session.explainContext().work.decodeCalls - before, test.tokens);
  return milliseconds;
}

const MILLISECONDS_PER_SECOND = 1000;
