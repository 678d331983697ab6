import { BenchreportError } from "@benchreport/contract";
import { z } from "zod";

const count = (minimum: number) => z.number().int().min(minimum).max(1_000_000);
const cost = z.number().min(0).max(1_000_000);

const settingsSchema = z.strictObject({
  contextTokens: count(1).default(4096).describe("Tokens of a session that asks for no size."),
  maxContextTokens: count(1).default(131_072).describe("Largest session."),
  maxSessions: count(1).optional().describe("Sessions open at once; not limited by default."),
  chunkTokens: count(1).default(32).describe("Tokens of one engine call; an abort waits for one call."),
  granularityTokens: count(1).default(1).describe("Reuse after an edit is a multiple of this."),
  wholePrefix: z.enum(["all", "all_but_last", "aligned"]).default("all").describe("What an identical prefix reuses."),
  reuse: z.enum(["prefix", "resident", "none"]).default("prefix").describe("What a new prefix is compared with."),
  phases: z
    .enum(["separate", "deferred"])
    .default("separate")
    .describe("Whether prefill is paid in its own call or in decode."),
  exact: z.boolean().default(true).describe("false: warm logits differ from cold ones in their last digits."),
  addBos: z.boolean().default(false).describe("Whether a prompt begins with a token of its own."),
  prefillTokenMs: cost.default(1).describe("Virtual milliseconds to evaluate a token of a prompt."),
  decodeTokenMs: cost.default(8).describe("Virtual milliseconds to evaluate a token of an answer."),
  callMs: cost.default(0.5).describe("Virtual milliseconds that each engine call costs beside its tokens."),
  noise: z.number().min(0).max(1).default(0).describe("Standard deviation of all times, as a share of them."),
  noiseSeed: z.number().int().min(0).max(0x7fffffff).default(1).describe("Seed of the noise."),
  weights: z
    .number()
    .int()
    .min(0)
    .max(0x7fffffff)
    .default(1)
    .describe("Stands for the model: another number, other answers."),
});

/** Settings of the memory engine, every default filled in. */
export type MemorySettings = z.output<typeof settingsSchema>;

/** JSON Schema of the settings, for the command line. */
export const memorySettingsSchema: Readonly<Record<string, unknown>> = z.toJSONSchema(settingsSchema, { io: "input" });

/** Checks settings and fills in defaults. @throws `SETTINGS_INVALID` with `meta.setting`. */
export function parseMemorySettings(settings: Readonly<Record<string, unknown>> = {}): MemorySettings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const setting = issue?.path.join(".") || (issue?.code === "unrecognized_keys" ? (issue.keys[0] ?? "") : "");
  throw new BenchreportError("SETTINGS_INVALID", {
    what: `The memory engine cannot use the setting "${setting}".`,
    why: issue?.message,
    fix: `Known settings: ${Object.keys(settingsSchema.shape).join(", ")}.`,
    meta: { setting },
  });
}
