/**
 * The oracle: what an honest engine must reuse, told from its declared capabilities alone.
 * The runner and the conformance suite judge by it. An adapter never imports it, so that judge and judged cannot share
 * a mistake.
 */
export { type JudgedReuse, judgeReuse } from "./judge-reuse.ts";
export { predictReuse, type ResidentState, type ReusePrediction } from "./predict-reuse.ts";
