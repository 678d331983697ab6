import { z } from "zod";
import {
  editPositionSchema,
  engineSchema,
  environmentSchema,
  headlineSchema,
  memorySchema,
  modelInfoSchema,
  runSchema,
  scenarioSchema,
} from "./details.ts";
import { measured, proved } from "./primitives.ts";
import { sampleSchema, sectionNames, sectionSchema } from "./section.ts";
import { seedSections } from "./seed-sections.ts";
import { evidenceSchema, verdictSchema } from "./verdict.ts";

/** Version of the report's format. A reader of one version reads every report of it, whatever fields were added. */
export const schemaVersion = "1";

const sections = z.object(
  Object.fromEntries(sectionNames.map((name) => [name, sectionSchema])) as Record<
    (typeof sectionNames)[number],
    typeof sectionSchema
  >,
);

/** The one definition of the report. Objects are loose: fields that a reader does not know are kept. */
export const reportSchema = z.looseObject({
  schema_version: z.literal(schemaVersion),
  generator: z.looseObject({ name: z.string(), version: z.string() }),
  command: z.string().describe("Reproduces the run."),
  started_at: z.iso.datetime(),
  duration_ms: z.number().nonnegative(),
  complete: z.boolean().describe("False when the run was interrupted or its engine died."),
  model: z.string(),
  backend: z.string(),
  mode: z.enum(["live_prefix_reuse", "cold_only"]),
  profile: z.string().describe("SHA-256 of the manifest's identity."),
  backend_version: z.string(),
  headline: headlineSchema,
  run: runSchema,
  ...seedSections,
  notes: z.array(z.string()),
  verdicts: z.array(verdictSchema),
  sections: sections.loose(),
  untimed_turns: z
    .array(sampleSchema)
    .describe("Warm-up, yardstick and correctness turns: with log-probabilities, so that comparisons can be checked."),
  edit_positions: z.array(editPositionSchema),
  failure_details: z.record(z.string(), z.array(evidenceSchema)),
  snapshot_save: z.looseObject({ tokens: measured, bytes: measured, ms: measured, mb_per_sec: measured }).nullable(),
  snapshot_restore: z
    .looseObject({
      tokens: measured,
      bytes: measured,
      ms: measured,
      mb_per_sec: measured,
      output_equals_original: proved.optional(),
    })
    .nullable(),
  memory: memorySchema,
  engine: engineSchema,
  model_info: modelInfoSchema,
  scenario: scenarioSchema,
  environment: environmentSchema,
});

/** The report, exactly as its JSON. */
export type Report = z.infer<typeof reportSchema>;

/** JSON Schema of the report, for readers in other languages. */
export function reportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(reportSchema) as Record<string, unknown>;
}
