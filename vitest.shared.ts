import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Settings of every package's tests: sources instead of builds, and a result file that the closing count reads. */
export function packageTests(test: ViteUserConfig["test"] = {}): ViteUserConfig {
  const conditions = ["@benchreport/source"];
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      reporters: ["default", "json"],
      outputFile: { json: ".test-results/vitest.json" },
      ...test,
    },
  });
}
