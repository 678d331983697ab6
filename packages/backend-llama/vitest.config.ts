import { packageTests } from "../../vitest.shared.ts";

// One file at a time: each keeps the processor busy by itself.
export default packageTests({ fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 });
