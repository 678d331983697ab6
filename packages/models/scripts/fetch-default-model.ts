import { resolveModel } from "../src/index.ts";

// node --conditions=@benchreport/source fetch-default-model.ts: the default model into the user's cache, for tests that
// run it.
let stage: string | undefined;
const model = await resolveModel({
  model: undefined,
  accepts: "file",
  onProgress(progress) {
    if (progress.stage !== stage) console.error(progress.text);
    stage = progress.stage;
  },
});
console.log(model?.path);
