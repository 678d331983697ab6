import type { BackendModule } from "@benchreport/contract";
import { engineName } from "./llama-facts.ts";
import { llamaSettingsSchema } from "./llama-settings.ts";

/** What the command line finds llama.cpp by. The binding is imported only when it is needed. */
export const backend: BackendModule = {
  specificationVersion: "v1",
  name: engineName,
  summary: "llama.cpp in this process: GGUF models on the CPU, with exact KV-prefix reuse.",
  model: "file",
  settingsSchema: llamaSettingsSchema,
  async createBackend(options) {
    const { createLlamaBackend } = await import("./create-llama-backend.ts");
    return createLlamaBackend(options);
  },
  async diagnose() {
    const { diagnose } = await import("./diagnose.ts");
    return diagnose();
  },
};
