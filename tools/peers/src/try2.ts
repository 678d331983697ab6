import { resolveModel } from "@benchreport/models";
import { smokeSettings } from "./exactness/exactness-settings.ts";
import { measureExactness } from "./exactness/measure-exactness.ts";
import { smokePromptSizes } from "./exactness/prompts.ts";

const model = await resolveModel({ accepts: "file" });
console.log(
  JSON.stringify(
    await measureExactness({
      model: model as never,
      settings: smokeSettings(1),
      sizes: smokePromptSizes,
      logitPromptsOfEachKind: 1,
      onProgress: console.error,
    }),
    null,
    1,
  ),
);
