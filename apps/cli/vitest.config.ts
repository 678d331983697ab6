import { packageTests } from "../../vitest.shared.ts";

// Most tests start processes: they take their time on a busy machine.
export default packageTests({ testTimeout: 60_000 });
