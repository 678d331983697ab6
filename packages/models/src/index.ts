export { cacheFolder } from "./cache-folder.ts";
export { type DefaultModelDiagnosis, diagnoseDefaultModel } from "./default-model/diagnose-default-model.ts";
export { type DigestOptions, digestFile } from "./digest/digest-file.ts";
export type { ModelProgress, ModelStage } from "./model-progress.ts";
export type { ModelRequest, ResolvedModel } from "./model-request.ts";
export { resolveModel } from "./resolve-model.ts";
