import { expect, it } from "vitest";
import { BenchreportError, errorCodes } from "./errors.ts";

it("is recognised across copies of the package, and by code", () => {
  const error = new BenchreportError("MODEL_INVALID", { what: "no" });
  const foreign = { [Symbol.for("benchreport.error")]: true, code: "MODEL_INVALID" };
  expect(BenchreportError.is(error)).toBe(true);
  expect(BenchreportError.is(foreign, "MODEL_INVALID")).toBe(true);
  expect(BenchreportError.is(error, "TIMEOUT")).toBe(false);
  expect(BenchreportError.is(new Error("no"))).toBe(false);
  expect(BenchreportError.is(undefined)).toBe(false);
});

it("survives a process border", () => {
  const error = new BenchreportError("CONTEXT_OVERFLOW", { what: "w", why: "y", fix: "f", meta: { stage: "prefix" } });
  const copy = BenchreportError.deserialize(structuredClone(error.serialize()));
  expect(copy.serialize()).toEqual(error.serialize());
});

it("keeps the cause", () => {
  const cause = new Error("deep");
  expect(new BenchreportError("ENGINE_FAILED", { what: "w", cause }).cause).toBe(cause);
});

it("has no code twice", () => expect(new Set(errorCodes).size).toBe(errorCodes.length));
