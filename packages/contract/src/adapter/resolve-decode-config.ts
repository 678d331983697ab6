import type { DecodeConfig } from "../decode.ts";

/** A decode configuration with every default filled in. */
export interface ResolvedDecodeConfig {
  readonly maxTokens: number;
  readonly temperature: number;
  /** 0: not limited. */
  readonly topK: number;
  /** 1: not limited. */
  readonly topP: number;
  readonly seed: number;
  readonly logProbabilities: boolean;
  readonly ignoreEndOfGeneration: boolean;
}

/** Checks a decode configuration and fills in its defaults. Throws `TypeError` for a value out of range. */
export function resolveDecodeConfig(config: DecodeConfig = {}): ResolvedDecodeConfig {
  return {
    maxTokens: integer("maxTokens", config.maxTokens ?? 256, 1, 0x7fffffff),
    temperature: number("temperature", config.temperature ?? 0, 0, 1000),
    topK: integer("topK", config.topK ?? 0, 0, 0x7fffffff),
    topP: number("topP", config.topP ?? 1, 0, 1),
    seed: integer("seed", config.seed ?? 0, 0, 0xfffffffe),
    logProbabilities: flag("logProbabilities", config.logProbabilities ?? false),
    ignoreEndOfGeneration: flag("ignoreEndOfGeneration", config.ignoreEndOfGeneration ?? false),
  };
}

function number(name: string, value: number, minimum: number, maximum: number): number {
  if (typeof value !== "number" || !(value >= minimum && value <= maximum)) {
    throw new TypeError(`decode: ${name} must be a number from ${minimum} to ${maximum}, not ${String(value)}`);
  }
  return value;
}

function integer(name: string, value: number, minimum: number, maximum: number): number {
  if (!Number.isInteger(number(name, value, minimum, maximum))) {
    throw new TypeError(`decode: ${name} must be a whole number, not ${String(value)}`);
  }
  return value;
}

function flag(name: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw new TypeError(`decode: ${name} must be true or false, not ${String(value)}`);
  return value;
}
