/** The adapters that come with the command line, each imported only when it is asked for. */
export const bundledBackends: Readonly<Record<string, () => Promise<unknown>>> = {
  llama: () => import("@benchreport/backend-llama"),
  memory: () => import("@benchreport/backend-memory"),
};

/** Engines that are tried, in this order, when none is named. A simulation is never chosen. */
export const defaultBackends: readonly string[] = ["llama"];
