import { packageTests } from "../../vitest.shared.ts";

// One file at a time: each keeps the processor busy by itself, and two at once would only slow each other down.
export default packageTests({ fileParallelism: false, testTimeout: 30_000, hookTimeout: 30_000 });
