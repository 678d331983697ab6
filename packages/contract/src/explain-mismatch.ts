import type { ManifestIdentity } from "./manifest.ts";

/** The identity fields that are the caller's to choose; all others belong to the backend. */
export const callerIdentityFields = ["promptFormat", "templateDigest"] as const;

const fieldOrder = [
  "backend",
  "backendVersion",
  "device",
  "modelDigest",
  "tokenizerDigest",
  "promptFormat",
  "templateDigest",
  "addBos",
] as const satisfies readonly (keyof ManifestIdentity)[];

/** Which of an identity's fields are compared. */
export type IdentityScope = "all" | "backend" | "caller";

/**
 * The first identity field in which two states differ, `numerics.<name>` for a setting of the engine; `undefined` when
 * none does.
 * Fields are compared in the order of `ManifestIdentity`, numerics by name.
 */
export function explainMismatch(
  left: ManifestIdentity,
  right: ManifestIdentity,
  scope: IdentityScope = "all",
): string | undefined {
  for (const field of fieldOrder) {
    if (inScope(field, scope) && left[field] !== right[field]) return field;
  }
  if (scope === "caller") return undefined;
  const names = [...new Set([...Object.keys(left.numerics), ...Object.keys(right.numerics)])].sort();
  const different = names.find((name) => !sameSetting(left.numerics, right.numerics, name));
  return different === undefined ? undefined : `numerics.${different}`;
}

function inScope(field: (typeof fieldOrder)[number], scope: IdentityScope): boolean {
  if (scope === "all") return true;
  const callers: readonly string[] = callerIdentityFields;
  return callers.includes(field) === (scope === "caller");
}

function sameSetting(left: ManifestIdentity["numerics"], right: ManifestIdentity["numerics"], name: string): boolean {
  return Object.hasOwn(left, name) === Object.hasOwn(right, name) && left[name] === right[name];
}
