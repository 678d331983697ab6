import { type Backend, BenchreportError } from "@benchreport/contract";
import {
  type ContextOptions,
  type KvCacheType,
  type LlamaContext,
  type LlamaModel,
  loadLibrary,
} from "@benchreport/llama-kv";
import type { ResolvedModel } from "@benchreport/models";
import { describeSettings, type EngineSettings, openEngine } from "../session/open-engine.ts";
import { createPrompts, type Prompt, type PromptSizes } from "./prompts.ts";
import { replayLogits } from "./replay-logits.ts";
import { runCases } from "./run-cases.ts";
import { type ExactnessRow, type PromptFinding, summariseCases } from "./summarise-row.ts";
import { ANSWER_TOKENS } from "./take-turn.ts";

export interface ExactnessJob {
  readonly model: ResolvedModel & { readonly path: string };
  readonly settings: readonly EngineSettings[];
  readonly sizes: PromptSizes;
  /** Prompts of each kind whose raw logits are compared too: that doubles their time. */
  readonly logitPromptsOfEachKind: number;
  readonly onProgress: (line: string) => void;
}

/** Fills the exactness table, one row after the other. */
export async function measureExactness(job: ExactnessJob): Promise<ExactnessRow[]> {
  const library = await loadLibrary();
  await using model = await library.loadModel(job.model.path);
  const prompts = await readPrompts(job, model);
  const rows: ExactnessRow[] = [];
  for (const settings of job.settings) {
    const name = `exactness: row ${rows.length + 1} of ${job.settings.length}, ${describeSettings(settings)}`;
    rows.push(
      await measureRow({ ...job, onProgress: (line) => job.onProgress(`${name}, ${line}`) }, settings, model, prompts),
    );
  }
  return rows;
}

/** Tokens do not depend on the settings. */
async function readPrompts({ model, settings, sizes }: ExactnessJob, native: LlamaModel): Promise<readonly Prompt[]> {
  await using engine = await openEngine(model, { threads: settings[0]?.threads ?? 1 });
  return await createPrompts(engine, native, sizes);
}

async function measureRow(
  job: ExactnessJob,
  settings: EngineSettings,
  model: LlamaModel,
  prompts: readonly Prompt[],
): Promise<ExactnessRow> {
  let opened: Backend;
  try {
    opened = await openEngine(job.model, settings);
  } catch (error) {
    if (!BenchreportError.is(error, "SETTINGS_INVALID")) throw error;
    return { settings, declaredExact: false, unsupported: error.message, cases: summariseCases([]) };
  }
  await using engine = opened;
  const contextTokens = contextFor(job.sizes);
  await using context = await model.createContext(convertSettings(engine, settings, contextTokens));
  const findings: PromptFinding[] = [];
  for (const [index, prompt] of prompts.entries()) {
    job.onProgress(`prompt ${index + 1} of ${prompts.length}`);
    const outcome = await runCases(engine, prompt, index, contextTokens);
    const replayed = index % job.sizes.promptsOfEachKind < job.logitPromptsOfEachKind;
    const logitDifferences = replayed ? await replay(engine, context, prompt, outcome) : {};
    findings.push({ outcome, logitDifferences });
  }
  const declaredExact = engine.capabilities.reuse.exact;
  return { settings, declaredExact, unsupported: null, cases: summariseCases(findings) };
}

async function replay(
  engine: Backend,
  context: LlamaContext,
  prompt: Prompt,
  outcome: PromptFinding["outcome"],
): Promise<PromptFinding["logitDifferences"]> {
  const tokenize = async (text: string, start: boolean): Promise<Int32Array> =>
    Int32Array.from(await engine.tokenize(text, { start }));
  const tokens = {
    prefix: await tokenize(prompt.prefix, true),
    before: await tokenize(prompt.before, true),
    suffix: await tokenize(prompt.suffix, false),
  };
  return await replayLogits(context, tokens, outcome);
}

/** The longest prompt and its answer. An edit may cut a word into a few tokens more. */
function contextFor({ prefixTokens, promptsOfEachKind, suffixTokens }: PromptSizes): number {
  const longestPrefix = prefixTokens + promptsOfEachKind + EDIT_SLACK_TOKENS;
  return longestPrefix + Math.max(suffixTokens + 5 + ANSWER_TOKENS, Math.ceil(longestPrefix / 2));
}

const EDIT_SLACK_TOKENS = 16;

/** The context that the adapter opens for these settings. */
function convertSettings(engine: Backend, settings: EngineSettings, contextTokens: number): ContextOptions {
  const effective = engine.describe().settings;
  return {
    contextTokens,
    threads: settings.threads,
    ubatchTokens: settings.ubatchTokens,
    flashAttention: effective["flashAttention"] === true,
    kvCacheTypeK: settings.kvCacheTypeK as KvCacheType,
    kvCacheTypeV: settings.kvCacheTypeV as KvCacheType,
  };
}
