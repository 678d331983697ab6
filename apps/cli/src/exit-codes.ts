/** How the command line ends; part of its interface. */
export const exitCodes = {
  fine: 0,
  /** A bug of benchreport's own. */
  bug: 1,
  /** Bad input, or something that is missing. */
  badInput: 2,
  /** The run finished and a claim failed, or it could not finish. */
  claimFailed: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
