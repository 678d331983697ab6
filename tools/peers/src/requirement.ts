/** One promise and what was measured. */
export interface Requirement {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  /** `not_judged`: a time of a smoke run. */
  readonly outcome: "met" | "missed" | "not_judged";
}
