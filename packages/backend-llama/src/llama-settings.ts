import { BenchreportError } from "@benchreport/contract";
import { z } from "zod";

const kvCacheType = z.enum(["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"]);

const settingsSchema = z.strictObject({
  reuse: z
    .enum(["exact", "longest"])
    .default("exact")
    .describe(
      "What is kept of a changed prefix. exact: whole steps of ubatchTokens, so that warm equals cold bit for bit; longest: all that is in common, answers included, which may differ in the last bits.",
    ),
  threads: z
    .number()
    .int()
    .min(1)
    .max(512)
    .optional()
    .describe("Threads that evaluate; default: the physical cores that this process may use."),
  ubatchTokens: z
    .number()
    .int()
    .min(1)
    .max(8192)
    .default(128)
    .describe(
      "Tokens of one engine call and step of exact reuse; smaller steps reuse more after an edit, larger ones prefill faster on accelerators.",
    ),
  contextTokens: z
    .number()
    .int()
    .min(1)
    .max(16_777_216)
    .default(4096)
    .describe("Tokens of a session that asks for no size."),
  flashAttention: z.enum(["auto", "on", "off"]).default("auto").describe("auto: on where model and device can."),
  kvCacheTypeK: kvCacheType.default("f16").describe("Type in which keys are cached."),
  kvCacheTypeV: kvCacheType
    .default("f16")
    .describe("Type in which values are cached; a quantised one needs flash attention."),
  memoryMap: z.boolean().default(true).describe("Map the model file instead of reading it into memory."),
  checkMemory: z
    .boolean()
    .default(true)
    .describe("Refuse a model or a session that this machine has no memory for, instead of being ended by the system."),
  binariesDirectory: z
    .string()
    .min(1)
    .optional()
    .describe("Folder of llama.cpp's libraries; default: the installed packages."),
});

/** Settings of the llama.cpp adapter, every default filled in but those that depend on the machine. */
export type LlamaSettings = z.output<typeof settingsSchema>;

/** JSON Schema of the settings, for the command line. */
export const llamaSettingsSchema: Readonly<Record<string, unknown>> = z.toJSONSchema(settingsSchema, { io: "input" });

/** Checks settings and fills in defaults. @throws `SETTINGS_INVALID` with `meta.setting`. */
export function parseLlamaSettings(settings: Readonly<Record<string, unknown>> = {}): LlamaSettings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return checkTogether(parsed.data);
  const issue = parsed.error.issues[0];
  const unknownKey = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const setting = unknownKey ?? issue?.path.join(".") ?? "";
  throw new BenchreportError("SETTINGS_INVALID", {
    what: `llama.cpp cannot use the setting "${setting}".`,
    why: issue?.message,
    fix: `Known settings: ${Object.keys(settingsSchema.shape).join(", ")}.`,
    meta: { setting },
  });
}

function checkTogether(settings: LlamaSettings): LlamaSettings {
  const { ubatchTokens, contextTokens } = settings;
  if (ubatchTokens <= contextTokens) return settings;
  throw new BenchreportError("SETTINGS_INVALID", {
    what: `One step of ${ubatchTokens} tokens is larger than a context of ${contextTokens}.`,
    why: "No engine call could ever be that long.",
    fix: "Lower ubatchTokens, or raise contextTokens.",
    meta: { setting: "ubatchTokens" },
  });
}
