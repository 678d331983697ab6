import type { Capabilities } from "@benchreport/contract";
import type { SectionName } from "@benchreport/report";
import { seededRandom } from "../scenario/seeded-random.ts";
import type { PreparedScenario } from "./prepare-scenario.ts";
import type { NamedText, Plan, SkippedSection, Step, TurnRequest, TurnStep } from "./step.ts";

export interface PlanOptions {
  /** Default 5. */
  readonly repetitions?: number | undefined;
  /** Seed of the order of blocks within a repetition. Default 1. */
  readonly seed?: number | undefined;
}

export const defaultRepetitions = 5;

/**
 * Lists everything that a run does, in order. What depends on results (more yardsticks, a noise floor) is planned later
 * from them.
 */
export function planRun(scenario: PreparedScenario, capabilities: Capabilities, options: PlanOptions = {}): Plan {
  const texts = nameTexts(scenario);
  const repetitions = options.repetitions ?? defaultRepetitions;
  const random = seededRandom(options.seed ?? 1);
  const request = (prefix: NamedText, suffix: NamedText, decodeTokens = scenario.maxDecode): TurnRequest => ({
    prefix,
    suffix,
    decodeTokens,
    logProbabilities: false,
  });
  const answered = (turn: TurnRequest): TurnRequest => ({ ...turn, logProbabilities: capabilities.logProbabilities });
  const base = request(texts.stable, texts.suffix);
  const yardstick = turn("yardstick", "fresh", base, { partOf: "cold_full_prefill" });

  const blocks: TurnStep[] = [
    turn("measured", "fresh", base, { section: "cold_full_prefill" }),
    turn("measured", "warm", base, { section: "warm_same_prefix" }),
  ];
  const inputs: { readonly request: TurnRequest; readonly partOf: SectionName }[] = [
    { request: base, partOf: "warm_same_prefix" },
  ];
  const notes: string[] = [];
  if (scenario.changedSuffix !== "") {
    const changed = request(texts.stable, texts.changedSuffix);
    inputs.push({ request: changed, partOf: "warm_changed_suffix" });
    blocks.push(turn("measured", "warm", changed, { section: "warm_changed_suffix" }));
  }
  for (const suffix of texts.curve) {
    if (suffix.text === "" && !capabilities.decodeWithoutSuffix) {
      notes.push(
        "suffix_ttft_curve: the point without a suffix is unsupported: the engine cannot decode right behind a prefix.",
      );
      continue;
    }
    blocks.push(turn("measured", "warm", request(texts.stable, suffix, 1), { section: "suffix_ttft_curve" }));
  }
  const repeated = Array.from({ length: repetitions }, (_, index) =>
    random.shuffle(blocks).map((block): TurnStep => ({ ...block, repetition: index + 1 })),
  );

  const edits = texts.edits.flatMap(({ prefix, section }) => {
    const edited = answered(request(prefix, texts.suffix));
    return [
      turn("edit", "warm", edited, { section, label: prefix.name }),
      turn("reference", "fresh", edited, { partOf: section, label: prefix.name }),
    ];
  });
  const correctness = inputs.flatMap(({ request, partOf }) => [
    turn("reference", "fresh", answered(request), { partOf }),
    turn("correctness", "warm", answered(request), { partOf }),
  ]);
  const failures: Step[] = (["over_context", "cancel_prefill", "cancel_decode"] as const)
    .filter((section) => section !== "over_context" || capabilities.tokenIds)
    .map((section) => ({ kind: "failure_case", section }));
  const snapshots: Step[] = capabilities.snapshot ? [{ kind: "snapshot", section: "snapshot_save", repetitions }] : [];
  const warmUp = turn("warm_up", "fresh", request({ name: "warm_up", text: scenario.warmUpText }, texts.suffix, 4));
  return {
    steps: [warmUp, yardstick, ...repeated.flat(), yardstick, ...correctness, ...edits, ...failures, ...snapshots],
    skipped: skippedSections(scenario, capabilities),
    notes,
  };
}

/** Prefix tokens and answer tokens of a step, as a rough measure of how long it takes beside others. */
export function stepWeight(step: Step): number {
  if (step.kind === "failure_case") return step.section === "over_context" ? 2000 : 12_000;
  if (step.kind === "snapshot") return 6000;
  const prefix = step.session === "fresh" || step.role === "edit" ? step.request.prefix.text.length : 40;
  // A token of an answer takes about as long as four of a prompt, and a token is about four characters of text.
  return prefix + step.request.suffix.text.length + 16 * step.request.decodeTokens;
}

/** The scenario's texts under the names that the report uses. */
function nameTexts(scenario: PreparedScenario) {
  const edits: { readonly prefix: NamedText; readonly section: SectionName }[] = [];
  if (scenario.editedStable !== "") {
    edits.push({ prefix: { name: "edited_stable", text: scenario.editedStable }, section: "edited_stable_segment" });
  }
  for (const edit of scenario.edits) edits.push({ prefix: edit, section: "edit_positions" });
  return {
    stable: { name: "stable", text: scenario.stable },
    suffix: { name: "suffix", text: scenario.suffix },
    changedSuffix: { name: "changed_suffix", text: scenario.changedSuffix },
    curve: scenario.suffixCurve.map((text, index) => ({ name: `suffix_curve[${index}]`, text })),
    edits,
  };
}

function turn(
  role: TurnStep["role"],
  session: TurnStep["session"],
  request: TurnRequest,
  place: Partial<Pick<TurnStep, "section" | "partOf" | "label">> = {},
): TurnStep {
  const { section, partOf = section, label } = place;
  return { kind: "turn", role, session, request, section, partOf, label, repetition: undefined };
}

function skippedSections(scenario: PreparedScenario, capabilities: Capabilities): SkippedSection[] {
  const skipped: SkippedSection[] = [];
  if (!capabilities.snapshot) {
    const reason = "the engine takes no snapshots";
    for (const section of ["snapshot_save", "snapshot_restore"] as const) {
      skipped.push({ section, status: "unsupported", reason });
    }
  }
  const skip = (section: SectionName, reason: string): void =>
    void skipped.push({ section, status: "skipped", reason });
  if (scenario.changedSuffix === "") skip("warm_changed_suffix", "the scenario has no changed suffix");
  if (scenario.editedStable === "") skip("edited_stable_segment", "the scenario has no edited stable text");
  if (scenario.suffixCurve.length === 0) skip("suffix_ttft_curve", "the scenario has no suffix curve");
  if (scenario.edits.length === 0 && capabilities.tokenIds)
    skip("edit_positions", "the stable text is too short to edit");
  if (!capabilities.tokenIds) {
    const reason = "the engine gives no token ids";
    for (const section of ["edit_positions", "over_context"] as const) {
      skipped.push({ section, status: "unsupported", reason });
    }
  }
  return skipped;
}
