import type { Session } from "@benchreport/contract";

/** Time inside the engine's calls since the session was opened; `undefined` where the engine does not say. */
export function engineMilliseconds(session: Session): number | undefined {
  const work: { readonly engineMs?: number | undefined } = session.explainContext().work;
  return work.engineMs;
}
