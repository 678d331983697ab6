import { randomUUID } from "node:crypto";
import { judgeReuse } from "@benchreport/contract/oracle";
import type { Step, TurnStep } from "../plan/step.ts";
import { nonceText } from "../scenario/built-in-scenario.ts";
import { countTokens } from "../scenario/count-tokens.ts";
import { seededRandom } from "../scenario/seeded-random.ts";
import type { Bench, MeasuredTurn } from "./bench.ts";
import { cancelDecode } from "./cancel-decode.ts";
import { cancelPrefill } from "./cancel-prefill.ts";
import { locateDifference } from "./locate-difference.ts";
import { overContext } from "./over-context.ts";
import type { FailureCheck, FailureSample, SnapshotSample, TurnSample } from "./sample.ts";
import { snapshotRoundtrip } from "./snapshot-roundtrip.ts";

/** Carries out one step and gives what it measured. Rejects with whatever the engine threw. */
export async function executeStep(step: Step, bench: Bench): Promise<TurnSample | FailureSample | SnapshotSample> {
  if (step.kind === "failure_case") {
    const tryCase = { over_context: overContext, cancel_prefill: cancelPrefill, cancel_decode: cancelDecode }[
      step.section
    ];
    const checks: readonly FailureCheck[] = await tryCase(bench);
    return { kind: "failure_case", section: step.section, checks };
  }
  if (step.kind === "snapshot") return snapshotRoundtrip(bench, step.repetitions);
  const turn = step.session === "fresh" ? await freshTurn(step, bench) : await warmTurn(step, bench);
  const judged = turn.prediction === undefined ? "unjudged" : judgeReuse(turn.reusedTokens, turn.prediction);
  const stable = bench.scenario.stable;
  const segment = step.role === "edit" ? locateDifference(bench.harness, stable, step.request.prefix.text) : undefined;
  return { kind: "turn", step, judged, segment, ...turn };
}

async function freshTurn(step: TurnStep, bench: Bench): Promise<MeasuredTurn> {
  const request = step.role === "yardstick" ? { ...step.request, prefix: await nonceLike(bench) } : step.request;
  return bench.coldTurn(request);
}

async function warmTurn(step: TurnStep, bench: Bench): Promise<MeasuredTurn> {
  const warm = await bench.warmOn({ name: "stable", text: bench.scenario.stable });
  return bench.turn(warm, step.request);
}

/** A text as long as the stable one that was never seen before: random for each run, not from its seed. */
async function nonceLike(bench: Bench): Promise<{ name: string; text: string }> {
  const { stable, tokens } = bench.scenario;
  const nonce = randomUUID();
  const random = seededRandom(Number.parseInt(nonce.slice(0, 7), 16));
  const byTokens = tokens !== undefined;
  const length = byTokens ? tokens.stable : stable.length;
  const count = byTokens ? countTokens(bench.harness).stable : async (text: string) => text.length;
  return { name: "nonce", text: await nonceText(nonce, random, length, count) };
}
