export { backend } from "./llama-module.ts";
export { type LlamaSettings, parseLlamaSettings } from "./llama-settings.ts";
