import type { ExactnessRow } from "./exactness/summarise-row.ts";
import type { AbortLatency } from "./measure-aborts.ts";
import type { OverheadResult } from "./measure-overhead.ts";
import type { SnapshotResult } from "./measure-snapshots.ts";
import type { Requirement } from "./requirement.ts";
import type { ServerResult } from "./server/measure-server.ts";
import type { SpeedResult } from "./speed/measure-speed.ts";

/** The parts of a run, in the order in which they run. */
export const partNames = ["speed", "abort", "snapshot", "overhead", "server", "exactness"] as const;
export type PartName = (typeof partNames)[number];

/** Everything that a run found; absent parts were not run. `null`: the engine cannot do it. */
export interface PeersResult {
  readonly schema: "benchreport-peers/1";
  readonly startedAt: string;
  /** Tiny sizes, whose times mean nothing. */
  readonly smoke: boolean;
  readonly release: string;
  readonly model: { readonly name: string; readonly digest: string | null };
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly threads: number;
    readonly node: string;
    readonly platform: string;
  };
  speed?: readonly SpeedResult[];
  abort?: readonly AbortLatency[];
  snapshot?: SnapshotResult | null;
  overhead?: readonly OverheadResult[] | null;
  server?: ServerResult;
  exactness?: readonly ExactnessRow[];
  requirements?: readonly Requirement[];
}
