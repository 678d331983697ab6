import { BenchreportError } from "@benchreport/contract";
import type { Pair } from "./parse-pair.ts";

interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SettingSchema[];
}

/**
 * Turns `--set` pairs into the values that the adapter's JSON Schema asks for.
 *
 * @throws `SETTINGS_INVALID` with `meta.setting`.
 */
export function convertSettings(
  pairs: readonly Pair[],
  schema: Readonly<Record<string, unknown>>,
  backend: string,
): Record<string, unknown> {
  const properties = (schema["properties"] ?? {}) as Record<string, SettingSchema>;
  const known = Object.keys(properties);
  return Object.fromEntries(
    pairs.map(([key, text]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property === undefined) throw unknownSetting(key, backend, known);
      return [key, convertSetting(key, text, property)];
    }),
  );
}

function convertSetting(key: string, text: string, schema: SettingSchema): unknown {
  if (schema.enum !== undefined) {
    const value = schema.enum.find((candidate) => String(candidate) === text);
    if (value === undefined) throw wrongSetting(key, text, `one of ${schema.enum.join(", ")}`);
    return value;
  }
  const types = [schema, ...(schema.anyOf ?? [])].flatMap((one) => one.type ?? []);
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  if (types.includes("integer") || types.includes("number")) {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const fits = Number.isFinite(value) && (types.includes("number") || Number.isSafeInteger(value));
    if (fits) return value;
  }
  if (types.includes("string") || types.length === 0) return text;
  throw wrongSetting(
    key,
    text,
    types.map((type) => (type === "integer" ? "a whole number" : `a ${type}`)).join(" or "),
  );
}

function unknownSetting(key: string, backend: string, known: readonly string[]): BenchreportError {
  return new BenchreportError("SETTINGS_INVALID", {
    what: `The backend ${backend} has no setting "${key}".`,
    why: "Settings are checked, so that a misspelt one cannot go unnoticed.",
    fix: `Known settings: ${known.join(", ")}.`,
    meta: { setting: key },
  });
}

function wrongSetting(key: string, text: string, expected: string): BenchreportError {
  return new BenchreportError("SETTINGS_INVALID", {
    what: `The setting ${key} cannot be "${text}".`,
    why: `It must be ${expected}.`,
    fix: `Pass --set ${key}=VALUE with such a value.`,
    meta: { setting: key },
  });
}
