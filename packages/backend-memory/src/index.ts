export { backend, MemoryBackend } from "./memory-backend.ts";
export { type MemorySettings, parseMemorySettings } from "./memory-settings.ts";
