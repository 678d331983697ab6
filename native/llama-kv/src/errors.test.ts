import { expect, test } from "vitest";
import { convertNativeError } from "./convert-native-error.ts";
import { LlamaKvError } from "./errors.ts";

test("errors of another copy of the package are recognised", () => {
  const other = Object.assign(new Error("from elsewhere"), { [Symbol.for("@benchreport/llama-kv/error")]: true });
  expect(LlamaKvError.is(other)).toBe(true);
  expect(LlamaKvError.is(new LlamaKvError("CLOSED", { message: "closed" }))).toBe(true);
  expect([new Error("other"), null, undefined, "text"].map((value) => LlamaKvError.is(value))).toEqual(
    Array(4).fill(false),
  );
});

test("a native failure becomes a public error with the engine's words", () => {
  const native = Object.assign(new Error("It failed."), {
    code: "CONTEXT_FAILED",
    meta: { log: "no memory", cells: 3 },
  });
  const error = convertNativeError(native);
  expect(error).toBeInstanceOf(LlamaKvError);
  expect(error).toMatchObject({
    code: "CONTEXT_FAILED",
    message: "It failed.",
    why: "The engine said: no memory",
    fix: expect.stringContaining("fewer context tokens"),
    meta: { log: "no memory", cells: 3 },
  });
});

test("a native abort becomes the signal's reason, a wrong range a RangeError, anything else stays itself", () => {
  const aborted = Object.assign(new Error("aborted"), { code: "ABORTED", meta: {} });
  expect(convertNativeError(aborted, AbortSignal.abort("why not"))).toBe("why not");
  expect(convertNativeError(Object.assign(new Error("far"), { code: "OUT_OF_RANGE", meta: {} }))).toBeInstanceOf(
    RangeError,
  );
  const other = new TypeError("a caller's mistake");
  expect(convertNativeError(other)).toBe(other);
});
