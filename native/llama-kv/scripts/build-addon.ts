import { compile } from "./compile.ts";

// Compiles build/Release/llama_kv.node, its twin for tests and the tests of the core. `node scripts/build-addon.ts`, or
// `pnpm run build:native`.

process.exitCode = await compile({ folder: "cmake" });
