import { describe, expect, it } from "vitest";
import type { FailureCheck } from "../measure/sample.ts";
import { judgeColdIsCold } from "./cold-is-cold.ts";
import { divergedInputs } from "./compare-answers.ts";
import { judgeEditedIsMissed } from "./edited-is-missed.ts";
import { judgeCancelDecode, judgeCancelPrefill, judgeOverContext } from "./failure-case.ts";
import { judgeInputMatters } from "./input-matters.ts";
import { judgeOutputUnchanged } from "./output-unchanged.ts";
import { judgePrefixReused } from "./prefix-reused.ts";
import { judgeSnapshotRoundtrip } from "./snapshot-roundtrip.ts";
import {
  capabilitiesWith,
  coldTurn,
  tenTokens,
  testCapabilities,
  turnOf,
  warmTurn,
} from "./turn-sample.test-helper.ts";
import type { JudgeClaim, VerdictInput } from "./verdict-input.ts";

function outcome(judge: JudgeClaim, input: Partial<VerdictInput>): string {
  return judge({ turns: [], failureCases: [], snapshots: [], capabilities: testCapabilities, ...input }).outcome;
}

const otherTokens = tenTokens.map((token, index) => (index === 6 ? 99 : token));
const yardsticks = [turnOf("yardstick"), turnOf("yardstick", { prefixMs: 110 })];

describe("cold_is_cold", () => {
  it("passes when cold turns reuse nothing and are as slow as the yardstick", () => {
    expect(outcome(judgeColdIsCold, { turns: [...yardsticks, coldTurn(), coldTurn({ prefixMs: 51 })] })).toBe("pass");
  });
  it("fails when a cold turn reused a token", () => {
    expect(outcome(judgeColdIsCold, { turns: [...yardsticks, coldTurn(), coldTurn({ reusedTokens: 1 })] })).toBe(
      "fail",
    );
  });
  it("fails when a cold turn took less than half of the fastest yardstick", () => {
    expect(outcome(judgeColdIsCold, { turns: [...yardsticks, coldTurn({ prefixMs: 49 })] })).toBe("fail");
  });
  it("looks at the first token where prefill is deferred", () => {
    const deferred = { prefixMs: undefined };
    const turns = [turnOf("yardstick", deferred), turnOf("yardstick", deferred), coldTurn({ ...deferred, ttftMs: 40 })];
    expect(outcome(judgeColdIsCold, { turns })).toBe("fail");
  });
  it("is open when a cold turn does not say what it reused, though the engine counts", () => {
    const turns = [...yardsticks, coldTurn({ reusedTokens: undefined })];
    expect(outcome(judgeColdIsCold, { turns })).toBe("inconclusive");
    expect(outcome(judgeColdIsCold, { turns, capabilities: capabilitiesWith({ counting: "none" }) })).toBe("pass");
  });
  it("is open with one yardstick, and not run without cold turns", () => {
    expect(outcome(judgeColdIsCold, { turns: [turnOf("yardstick"), coldTurn()] })).toBe("inconclusive");
    expect(outcome(judgeColdIsCold, { turns: yardsticks })).toBe("not_run");
  });
});

describe("prefix_reused", () => {
  it("passes when each warm turn reused what was predicted", () => {
    expect(outcome(judgePrefixReused, { turns: [warmTurn(), warmTurn()] })).toBe("pass");
  });
  it.each(["lost", "stale", "more"] as const)("fails when a turn is %s", (judged) => {
    expect(outcome(judgePrefixReused, { turns: [warmTurn(), warmTurn({ judged })] })).toBe("fail");
  });
  it("fails when the same prefix has another number of tokens in another repetition", () => {
    expect(outcome(judgePrefixReused, { turns: [warmTurn(), warmTurn({ prefixTokens: 101 })] })).toBe("fail");
    expect(outcome(judgePrefixReused, { turns: [warmTurn(), warmTurn({ suffixTokens: 11 })] })).toBe("fail");
  });
  it("is open when a count is missing", () => {
    expect(outcome(judgePrefixReused, { turns: [warmTurn({ judged: "unjudged" })] })).toBe("inconclusive");
  });
  it("is unsupported where nothing is reused or counted, and not run without warm turns", () => {
    expect(outcome(judgePrefixReused, { capabilities: capabilitiesWith({ trim: "none" }) })).toBe("unsupported");
    expect(outcome(judgePrefixReused, { capabilities: capabilitiesWith({ counting: "none" }) })).toBe("unsupported");
    expect(outcome(judgePrefixReused, { capabilities: capabilitiesWith({}, { tokenIds: false }) })).toBe("unsupported");
    expect(outcome(judgePrefixReused, { turns: [coldTurn()] })).toBe("not_run");
  });
  it("shows predicted and measured", () => {
    const { evidence } = judgePrefixReused({
      turns: [warmTurn()],
      failureCases: [],
      snapshots: [],
      capabilities: testCapabilities,
    });
    expect(evidence).toEqual([
      expect.objectContaining({
        section: "warm_same_prefix",
        repetition: 1,
        predicted_tokens: 100,
        reused_tokens: 100,
        outcome: "as_predicted",
      }),
    ]);
  });
});

describe("edited_is_missed", () => {
  const edit = (judged: "as_predicted" | "stale" | "lost" | "unjudged") =>
    turnOf("edit", { judged, step: { session: "warm", label: "one word, middle" } });
  it("passes when each edit reused exactly the predicted number", () => {
    expect(outcome(judgeEditedIsMissed, { turns: [edit("as_predicted"), edit("as_predicted")] })).toBe("pass");
  });
  it.each(["stale", "lost"] as const)("fails when an edit is %s", (judged) => {
    expect(outcome(judgeEditedIsMissed, { turns: [edit("as_predicted"), edit(judged)] })).toBe("fail");
  });
  it("is open, unsupported or not run as the counts allow", () => {
    expect(outcome(judgeEditedIsMissed, { turns: [edit("unjudged")] })).toBe("inconclusive");
    expect(outcome(judgeEditedIsMissed, { capabilities: capabilitiesWith({ trim: "none" }) })).toBe("unsupported");
    expect(outcome(judgeEditedIsMissed, { turns: [warmTurn()] })).toBe("not_run");
  });
});

describe("output_unchanged", () => {
  it("passes when warm answers equal cold ones", () => {
    expect(outcome(judgeOutputUnchanged, { turns: [coldTurn(), warmTurn()] })).toBe("pass");
  });
  it("fails when a warm answer differs and all cold ones agree", () => {
    const turns = [coldTurn(), warmTurn({ tokenIds: otherTokens })];
    const verdict = judgeOutputUnchanged({ turns, failureCases: [], snapshots: [], capabilities: testCapabilities });
    expect(verdict).toMatchObject({
      outcome: "fail",
      evidence: [{ answer: "diverged", diverged_at: 6, cold_runs: 1, cold_runs_different: 0 }],
    });
  });
  it("is open when cold answers differ among themselves too, but fails where exactness is declared", () => {
    const noise = turnOf("noise_floor", { tokenIds: otherTokens });
    const turns = [coldTurn(), warmTurn({ tokenIds: otherTokens }), noise];
    expect(outcome(judgeOutputUnchanged, { turns })).toBe("inconclusive");
    expect(outcome(judgeOutputUnchanged, { turns, capabilities: capabilitiesWith({ exact: true }) })).toBe("fail");
  });
  it("fails on a log-probability that differs in its last bit, where exactness is declared", () => {
    const probabilities = tenTokens.map((token) => -1 / token);
    const close = probabilities.map((value, index) => (index === 3 ? value * (1 + Number.EPSILON) : value));
    const cold = turnOf("reference", { logProbabilities: probabilities, margins: probabilities });
    const warm = turnOf("correctness", { logProbabilities: close, margins: probabilities, step: { session: "warm" } });
    const exact = capabilitiesWith({ exact: true });
    expect(outcome(judgeOutputUnchanged, { turns: [cold, warm], capabilities: exact })).toBe("fail");
    expect(outcome(judgeOutputUnchanged, { turns: [cold, warm] })).toBe("pass");
    expect(
      outcome(judgeOutputUnchanged, {
        turns: [cold, { ...warm, logProbabilities: probabilities }],
        capabilities: exact,
      }),
    ).toBe("pass");
  });
  it("is open when exactness and log-probabilities are declared and none were given", () => {
    const turns = [coldTurn(), warmTurn()];
    expect(outcome(judgeOutputUnchanged, { turns, capabilities: capabilitiesWith({ exact: true }) })).toBe(
      "inconclusive",
    );
  });
  it("compares texts where there are no token ids", () => {
    const cold = coldTurn({ tokenIds: undefined, text: "an answer" });
    expect(outcome(judgeOutputUnchanged, { turns: [cold, warmTurn({ tokenIds: undefined, text: "an answer" })] })).toBe(
      "pass",
    );
    expect(outcome(judgeOutputUnchanged, { turns: [cold, warmTurn({ tokenIds: undefined, text: "an other" })] })).toBe(
      "fail",
    );
  });
  it("is open when fewer than eight tokens were compared, and not run without a pair", () => {
    const short = { tokenIds: [1, 2, 3], outputTokens: 3 };
    expect(outcome(judgeOutputUnchanged, { turns: [coldTurn(short), warmTurn(short)] })).toBe("inconclusive");
    expect(outcome(judgeOutputUnchanged, { turns: [coldTurn(), warmTurn({ suffix: "changed_suffix" })] })).toBe(
      "not_run",
    );
  });
  it("asks for a noise floor once", () => {
    const turns = [coldTurn(), warmTurn({ tokenIds: otherTokens })];
    expect(divergedInputs(turns)).toHaveLength(1);
    expect(divergedInputs([...turns, turnOf("noise_floor")])).toHaveLength(0);
    expect(divergedInputs([coldTurn(), warmTurn()])).toHaveLength(0);
  });
});

describe("input_matters", () => {
  const base = turnOf("reference");
  const changed = turnOf("reference", { suffix: "changed_suffix", tokenIds: otherTokens });
  const edited = turnOf("reference", { prefix: "edited_stable", tokenIds: otherTokens });
  it("passes when another suffix and another prefix give other answers", () => {
    expect(outcome(judgeInputMatters, { turns: [base, changed, edited] })).toBe("pass");
  });
  it("passes when only the log-probabilities differ", () => {
    const same = { tokenIds: tenTokens, logProbabilities: [-1], margins: [1] };
    const turns = [
      { ...base, logProbabilities: [-2], margins: [1] },
      { ...changed, ...same },
      { ...edited, ...same },
    ];
    expect(outcome(judgeInputMatters, { turns })).toBe("pass");
  });
  it("fails when the answer to another input is the very same, to the last bit", () => {
    const logits = { logProbabilities: [-1], margins: [1] };
    const turns = [base, { ...changed, tokenIds: tenTokens }, edited].map((turn) => ({ ...turn, ...logits }));
    expect(outcome(judgeInputMatters, { turns })).toBe("fail");
  });
  it("is open when it is the same and there are no log-probabilities to tell more", () => {
    expect(outcome(judgeInputMatters, { turns: [base, { ...changed, tokenIds: tenTokens }, edited] })).toBe(
      "inconclusive",
    );
  });
  it("is open without a second input, and not run without a reference", () => {
    expect(outcome(judgeInputMatters, { turns: [base, changed] })).toBe("inconclusive");
    expect(outcome(judgeInputMatters, { turns: [coldTurn()] })).toBe("not_run");
  });
});

describe("failure cases", () => {
  const tried = (section: "over_context" | "cancel_prefill" | "cancel_decode", ...oks: FailureCheck["ok"][]) => [
    { kind: "failure_case" as const, section, checks: oks.map((ok, index) => ({ check: `check ${index}`, ok })) },
  ];
  it("pass when every check holds, fail when one does not", () => {
    expect(outcome(judgeOverContext, { failureCases: tried("over_context", true, true) })).toBe("pass");
    expect(outcome(judgeOverContext, { failureCases: tried("over_context", true, false, null) })).toBe("fail");
    expect(outcome(judgeCancelDecode, { failureCases: tried("cancel_decode", false) })).toBe("fail");
  });
  it("are open when a check could not be tried, unless the engine declares that it cannot", () => {
    const failureCases = tried("cancel_prefill", true, null);
    expect(outcome(judgeCancelPrefill, { failureCases })).toBe("inconclusive");
    expect(outcome(judgeCancelPrefill, { failureCases, capabilities: capabilitiesWith({}, { cancel: "call" }) })).toBe(
      "unsupported",
    );
  });
  it("are not run where they were not tried", () => {
    expect(outcome(judgeOverContext, { failureCases: tried("cancel_decode", true) })).toBe("not_run");
  });
});

describe("snapshot_roundtrip", () => {
  const held: FailureCheck = { check: "a changed byte is refused", ok: true };
  const sample = (...checks: readonly FailureCheck[]) => [
    { kind: "snapshot", saves: [], restores: [], checks, kvBytesPerToken: undefined } as const,
  ];
  const capabilities = { ...testCapabilities, snapshot: true };
  it("passes when every check holds, and is unsupported or not run where there is none", () => {
    expect(outcome(judgeSnapshotRoundtrip, { snapshots: sample(held), capabilities })).toBe("pass");
    expect(outcome(judgeSnapshotRoundtrip, { capabilities })).toBe("not_run");
    expect(outcome(judgeSnapshotRoundtrip, { capabilities: { ...testCapabilities, snapshot: false } })).toBe(
      "unsupported",
    );
  });
  it("fails by one broken check, and is open by one that could not be shown", () => {
    const open: FailureCheck = { check: "answer", ok: null, reason: "noise" };
    const broken: FailureCheck = { check: "answer", ok: false, expected: "a", seen: "b" };
    expect(outcome(judgeSnapshotRoundtrip, { snapshots: sample(held, open), capabilities })).toBe("inconclusive");
    expect(outcome(judgeSnapshotRoundtrip, { snapshots: sample(open, broken), capabilities })).toBe("fail");
  });
});
