import { BenchreportError } from "@benchreport/contract";
import { judgeReuse, predictReuse } from "@benchreport/contract/oracle";
import { countTokens } from "../scenario/count-tokens.ts";
import { textOfTokens } from "../scenario/fit-text.ts";
import { looseWords } from "../scenario/prompt-lines.ts";
import { seededRandom } from "../scenario/seeded-random.ts";
import type { Bench, BenchSession } from "./bench.ts";
import { keptTokens } from "./recovery.ts";
import type { FailureCheck } from "./sample.ts";

/** Size of the session that is filled to its brim; engines may round it up. */
const smallContextTokens = 256;
/** Tokens left free before the decode that must end with a full context. */
const freeTokens = 3;

/**
 * Fills a small session: one token too many is refused before anything changes, the exact fit is accepted, a decode
 * ends where the context does.
 */
export function overContext(bench: Bench): Promise<readonly FailureCheck[]> {
  return bench.withFresh(async (small) => {
    const contextTokens = small.session.explainContext().contextTokens;
    if (contextTokens === undefined)
      return [untried("context size", "the engine does not say how large its session is")];
    const texts = await buildTexts(bench, contextTokens);
    if (texts === undefined) return [untried("texts of exact length", "no text of exactly so many tokens was found")];
    const checks: FailureCheck[] = [];
    try {
      await fillToTheBrim(bench, small, texts, checks);
    } catch (error) {
      // A session that does not go on as it must has failed, whatever it throws; what was seen before stays.
      const seen = error instanceof Error ? error.message : String(error);
      checks.push({ check: "the session goes on", ok: false, expected: "no rejection", seen });
    }
    return checks;
  }, smallContextTokens);
}

async function fillToTheBrim(bench: Bench, small: BenchSession, texts: Texts, checks: FailureCheck[]): Promise<void> {
  const { session } = small;
  const turn = (suffix: string) => bench.harness.turn(texts.half, suffix);
  const prefix = (text: string) => bench.harness.turn(text, "").prefix;
  await session.ensurePrefix(turn("").prefix);
  checks.push(await refused("prefix one token too long", small, () => session.ensurePrefix(prefix(texts.tooLong))));
  checks.push(
    await refused("suffix one token too long", small, () => session.prefillSuffix(turn(texts.restTooLong).suffix)),
  );
  await session.prefillSuffix(turn(texts.rest).suffix);
  checks.push(exact("suffix that fits exactly", 0, session.explainContext().availableTokens));
  checks.push(await fullDecode(bench, small, "decode in a full context", 0));
  checks.push(await warmAgain(bench, small, texts.half));
  await session.prefillSuffix(turn(texts.restButThree).suffix);
  checks.push(await fullDecode(bench, small, "decode into a full context", freeTokens));
  await session.ensurePrefix(prefix(texts.exact));
  checks.push(exact("prefix that fits exactly", 0, session.explainContext().availableTokens));
}

interface Texts {
  readonly half: string;
  readonly exact: string;
  readonly tooLong: string;
  readonly rest: string;
  readonly restTooLong: string;
  readonly restButThree: string;
}

async function buildTexts(bench: Bench, contextTokens: number): Promise<Texts | undefined> {
  const count = countTokens(bench.harness);
  const words = looseWords(seededRandom(99), 20);
  const prefixTokens = Math.floor(contextTokens / 2);
  const restTokens = contextTokens - prefixTokens;
  const texts = {
    half: await textOfTokens(words, prefixTokens, count.stable),
    exact: await textOfTokens("green", contextTokens, count.stable),
    tooLong: await textOfTokens("green", contextTokens + 1, count.stable),
    rest: await textOfTokens("river", restTokens, count.suffix),
    restTooLong: await textOfTokens("river", restTokens + 1, count.suffix),
    restButThree: await textOfTokens("river", restTokens - freeTokens, count.suffix),
  };
  return Object.values(texts).every((text) => text !== undefined) ? (texts as Texts) : undefined;
}

async function refused(check: string, { session }: BenchSession, call: () => Promise<unknown>): Promise<FailureCheck> {
  const before = session.explainContext();
  const seen = await call().then(
    () => "accepted",
    (error: unknown) => (BenchreportError.is(error) ? error.code : String(error)),
  );
  const after = session.explainContext();
  const unchanged =
    before.residentTokens === after.residentTokens && before.work.prefillTokens === after.work.prefillTokens;
  return {
    check,
    ok: seen === "CONTEXT_OVERFLOW" && unchanged,
    expected: "CONTEXT_OVERFLOW, nothing changed",
    seen,
    unchanged,
  };
}

async function fullDecode(
  bench: Bench,
  { session }: BenchSession,
  check: string,
  tokens: number,
): Promise<FailureCheck> {
  const { ignoreEndOfGeneration } = bench.harness.backend.capabilities;
  let seen = "no finish";
  let delivered = 0;
  for await (const event of session.decode({ maxTokens: tokens + 8, ignoreEndOfGeneration })) {
    if (event.type === "token") delivered++;
    else seen = event.reason;
  }
  const stoppedEarly = seen === "stop" && !ignoreEndOfGeneration;
  const ok = stoppedEarly ? null : seen === "context_full" && delivered === tokens;
  return { check, ok, expected: "context_full", seen, expected_tokens: tokens, output_tokens: delivered };
}

async function warmAgain(bench: Bench, { session }: BenchSession, text: string): Promise<FailureCheck> {
  const { reuse } = bench.harness.backend.capabilities;
  const tokens = (await bench.tokenize(text, true)) ?? [];
  const held = keptTokens(tokens, session.explainContext().reusableTokens ?? tokens.length);
  const prediction = predictReuse({ tokens: held, sameIdentity: true }, tokens, reuse);
  const { reusedTokens } = await session.ensurePrefix(bench.harness.turn(text, "").prefix);
  const judged = judgeReuse(reusedTokens, prediction);
  return {
    check: "next turn is as warm as before",
    ok: judged === "unjudged" ? null : judged === "as_predicted",
    expected: prediction.reusedTokens ?? null,
    seen: reusedTokens ?? null,
  };
}

function exact(check: string, expected: number, seen: number | undefined): FailureCheck {
  return { check, ok: seen === undefined ? null : seen === expected, expected, seen: seen ?? null };
}

function untried(check: string, reason: string): FailureCheck {
  return { check, ok: null, reason };
}
