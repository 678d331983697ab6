export { cacheFolder } from "./cache-folder.ts";
export { type DigestOptions, digestFile } from "./digest/digest-file.ts";
export type { ModelProgress, ModelStage } from "./model-progress.ts";
export type { ModelRequest, ResolvedModel } from "./model-request.ts";
export { resolveModel } from "./resolve-model.ts";
