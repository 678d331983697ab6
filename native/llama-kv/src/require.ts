// Checks of what callers pass in: `TypeError` for a wrong type, `RangeError` for a wrong value, both naming the
// argument.

export function requireInteger(name: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number, not ${describe(value)}.`);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name} must be a whole number from ${minimum} to ${maximum}, not ${value}.`);
  }
  return value;
}

export function requireNumber(name: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number, not ${describe(value)}.`);
  if (!(value >= minimum && value <= maximum)) {
    throw new RangeError(`${name} must be from ${minimum} to ${maximum}, not ${value}.`);
  }
  return value;
}

export function requireBoolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false, not ${describe(value)}.`);
  return value;
}

export function requireString(name: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string, not ${describe(value)}.`);
  return value;
}

export function requireOneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const message = `${name} must be one of ${allowed.join(", ")}, not ${describe(value)}.`;
  throw typeof value === "string" ? new RangeError(message) : new TypeError(message);
}

/** Token ids of a vocabulary, in an Int32Array of the caller's. */
export function requireTokens(name: string, value: unknown, vocabularyTokens: number): Int32Array {
  if (!(value instanceof Int32Array)) throw new TypeError(`${name} must be an Int32Array, not ${describe(value)}.`);
  const wrong = value.findIndex((token) => token < 0 || token >= vocabularyTokens);
  if (wrong !== -1) {
    throw new RangeError(`${name}[${wrong}] is ${value[wrong]}: token ids go from 0 to ${vocabularyTokens - 1}.`);
  }
  return value;
}

/** Text without lone surrogates: those have no UTF-8 form, so the model would see other text than the caller. */
export function requireText(name: string, value: unknown): string {
  const text = requireString(name, value);
  if (!text.isWellFormed()) throw new TypeError(`${name} holds a lone surrogate, which is not text.`);
  return text;
}

export function requireOptions<T extends object>(name: string, value: T): T {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`${name} must be an object, not ${describe(value)}.`);
  return value;
}

export function requireSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value;
  throw new TypeError(`signal must be an AbortSignal, not ${describe(value)}.`);
}

export function requireFunction<T>(name: string, value: T): T {
  if (value === undefined || typeof value === "function") return value;
  throw new TypeError(`${name} must be a function, not ${describe(value)}.`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return value.constructor?.name ?? "an object";
  return typeof value === "string" ? JSON.stringify(value) : `${typeof value} ${String(value)}`;
}
