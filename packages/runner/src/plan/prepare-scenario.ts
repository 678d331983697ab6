import { BenchreportError, type Capabilities } from "@benchreport/contract";
import type { Harness } from "../harness/harness.ts";
import { countTokens } from "../scenario/count-tokens.ts";
import { editText, type TextEdit } from "../scenario/edit-text.ts";
import { cutToTokens, largestFitting } from "../scenario/fit-text.ts";
import { looseWords, outputLine } from "../scenario/prompt-lines.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { seededRandom } from "../scenario/seeded-random.ts";

/** A scenario with what the runner adds to it, and how long everything is on this engine. */
export interface PreparedScenario extends Scenario {
  /** The runner's own edits of the stable text; none where the engine gives no token ids. */
  readonly edits: readonly TextEdit[];
  /** Another text for the warm-up turn. */
  readonly warmUpText: string;
  /** The stable text, made longer where a prefill of it could not be stopped in the middle. */
  readonly cancelPrefix: string;
  /** Long enough that a prefill of it can be stopped in the middle. */
  readonly cancelSuffix: string;
  /** Token counts by part: stable, suffix, changed_suffix, edited_stable, curve. `undefined` without token ids. */
  readonly tokens: ScenarioTokens | undefined;
  /** What every session but the small one asks for; `undefined`: the engine's default. */
  readonly contextTokens: number | undefined;
}

export interface ScenarioTokens {
  readonly stable: number;
  readonly suffix: number;
  readonly changedSuffix: number;
  readonly editedStable: number;
  readonly suffixCurve: readonly number[];
}

/** Chunks that an engine of unknown inner steps may work in; a cancelled suffix spans several. */
const smallestCancelTokens = 96;
/** Steps of reuse that a cancelled prefix and suffix span, so that an abort can fall between two of them. */
const cancelPrefixGranules = 4;
const cancelSuffixGranules = 3;

/**
 * Adds edits and helper texts to a scenario and measures its length.
 *
 * @throws `SCENARIO_INVALID` with the parts' token counts when a turn cannot fit the engine's largest session.
 */
export async function prepareScenario(harness: Harness, scenario: Scenario): Promise<PreparedScenario> {
  const { capabilities } = harness.backend;
  if (scenario.suffix === "" && !capabilities.decodeWithoutSuffix) throw suffixNeeded(harness.backend.name);
  const warmUpText = `${looseWords(seededRandom(4711), 40)}\n`;
  const cancelPrefix = await buildCancelPrefix(harness, scenario.stable);
  const cancelSuffix = await buildCancelSuffix(harness);
  const base = { ...scenario, warmUpText, cancelPrefix, cancelSuffix };
  if (!capabilities.tokenIds) return { ...base, edits: [], tokens: undefined, contextTokens: undefined };

  const count = countTokens(harness);
  const edits = editText(scenario.stable);
  const stableVariants = [scenario.stable, scenario.editedStable, cancelPrefix, ...edits.map((edit) => edit.text)];
  const longestStable = Math.max(...(await Promise.all(stableVariants.map((text) => count.stable(text)))));
  const tokens: ScenarioTokens = {
    stable: await count.stable(scenario.stable),
    suffix: await count.suffix(scenario.suffix),
    changedSuffix: await count.suffix(scenario.changedSuffix),
    editedStable: await count.stable(scenario.editedStable),
    suffixCurve: await Promise.all(scenario.suffixCurve.map((text) => count.suffix(text))),
  };
  const longestSuffix = Math.max(
    tokens.suffix,
    tokens.changedSuffix,
    ...tokens.suffixCurve,
    await count.suffix(cancelSuffix),
  );
  const contextTokens = longestStable + longestSuffix + scenario.maxDecode + 1;
  assertFits(contextTokens, capabilities, { longestStable, longestSuffix, maxDecode: scenario.maxDecode });
  return { ...base, edits, tokens, contextTokens };
}

/** The stable text, with lines of terminal output behind it until it spans enough steps. */
async function buildCancelPrefix(harness: Harness, stable: string): Promise<string> {
  const { capabilities } = harness.backend;
  if (!capabilities.tokenIds) return stable;
  const count = countTokens(harness).stable;
  const wished = cancelPrefixGranules * capabilities.reuse.granularityTokens + 1;
  const missing = wished - (await count(stable));
  if (missing <= 0) return stable;
  const random = seededRandom(816);
  const lines = Array.from({ length: missing }, () => outputLine(random));
  const build = (kept: number): string => [stable, ...lines.slice(0, kept)].join("\n");
  const tooFew = await largestFitting(missing, async (kept) => (await count(build(kept))) < wished);
  return build(tooFew + 1);
}

async function buildCancelSuffix(harness: Harness): Promise<string> {
  const { capabilities } = harness.backend;
  const tokens = Math.max(smallestCancelTokens, cancelSuffixGranules * capabilities.reuse.granularityTokens);
  const random = seededRandom(815);
  const text = Array.from({ length: tokens }, () => outputLine(random)).join("\n");
  // Without token ids a token is taken for four characters.
  const byCharacters = async (part: string): Promise<number> => Math.ceil(part.length / 4);
  return await cutToTokens(text, tokens, capabilities.tokenIds ? countTokens(harness).suffix : byCharacters);
}

function assertFits(
  contextTokens: number,
  capabilities: Capabilities,
  parts: { readonly longestStable: number; readonly longestSuffix: number; readonly maxDecode: number },
): void {
  const largest = capabilities.maxContextTokens;
  if (largest === undefined || contextTokens <= largest) return;
  const { longestStable, longestSuffix, maxDecode } = parts;
  throw new BenchreportError("SCENARIO_INVALID", {
    what: `A turn of this scenario needs ${contextTokens} tokens, and the largest session has ${largest}.`,
    why: `The longest prefix has ${longestStable} tokens, the longest suffix ${longestSuffix}, the answer ${maxDecode}.`,
    fix: "Ask for fewer stable, suffix, curve or decode tokens, or use a model with a longer context.",
    meta: { contextTokens, maxContextTokens: largest, longestStable, longestSuffix, maxDecode },
  });
}

function suffixNeeded(backend: string): BenchreportError {
  return new BenchreportError("SCENARIO_INVALID", {
    what: "The scenario has no suffix.",
    why: `The backend ${backend} cannot decode right behind a prefix.`,
    fix: "Give the scenario a suffix.",
    meta: { path: "suffix" },
  });
}
