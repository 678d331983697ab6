/** The shape of a workspace context: what is asked of the engine, as text. */
export interface Scenario {
  readonly stable: string;
  readonly suffix: string;
  /** Empty: its section is skipped. */
  readonly changedSuffix: string;
  /** Must miss the cache from its first different token on. Empty: its section is skipped. */
  readonly editedStable: string;
  /** In growing length; the headline curve. */
  readonly suffixCurve: readonly string[];
  /** Tokens to decode in each turn. */
  readonly maxDecode: number;
}
