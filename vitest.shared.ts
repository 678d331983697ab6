import { configDefaults, defineConfig, type ViteUserConfig, type ViteUserConfigFnObject } from "vitest/config";

/** How long one test of `test:long` may take unless it says otherwise. */
const longTimeoutMs = 10 * 60_000;

/**
 * Settings of every package's tests: sources instead of builds, and a result file that the closing count reads. With
 * `--mode long` the files `*.long.test.ts` are run, otherwise all the others.
 */
export function packageTests(test: ViteUserConfig["test"] = {}): ViteUserConfigFnObject {
  const conditions = ["@benchreport/source"];
  return defineConfig(({ mode }) => {
    const long = mode === "long";
    const name = long ? "*.long.test.ts" : "*.test.ts";
    return {
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
      test: {
        include: [`src/**/${name}`, `test/**/${name}`],
        exclude: [...configDefaults.exclude, ...(long ? [] : ["**/*.long.test.ts"])],
        reporters: ["default", "json"],
        outputFile: { json: `.test-results/${long ? "test-long" : "test"}.json` },
        ...test,
        ...(long ? { fileParallelism: false, testTimeout: longTimeoutMs, hookTimeout: longTimeoutMs } : {}),
      },
    };
  });
}
