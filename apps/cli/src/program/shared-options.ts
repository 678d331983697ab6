import { Option } from "@commander-js/extra-typings";
import { collectPairs, type Pair } from "../options/parse-pair.ts";

// Options that several commands have, in the same words.

export function modelOption(description: string): Option<"--model <path>"> {
  return new Option("--model <path>", description);
}

export function setOption(): Option<"--set <key=value>", undefined, undefined, Pair[]> {
  const description = "a setting of the engine; repeatable. `benchreport backends NAME` lists them";
  return new Option("--set <key=value>", description).argParser(collectPairs);
}

export function offlineOption(): Option<"--offline"> {
  return new Option("--offline", "never touch a network for a model");
}

export function debugOption(): Option<"--debug"> {
  return new Option("--debug", "show what engines write, and stack traces");
}
