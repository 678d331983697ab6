import { expect, test } from "vitest";
import { type AnswerStep, compareAnswers } from "./compare-answers.ts";

const step = (id: number, logProbability: number | undefined = -1, margin: number | undefined = 2): AnswerStep => ({
  id,
  logProbability,
  margin,
});
const cold = [step(7), step(8, -0.5, 1), step(9)];

test("equal to the last bit is identical", () => {
  expect(compareAnswers(cold, [step(7), step(8, -0.5, 1), step(9)])).toEqual({ identical: true, difference: 0 });
});

test("a difference in one log-probability or margin is not, however small", () => {
  expect(compareAnswers(cold, [step(7), step(8, -0.5 + 2 ** -50, 1), step(9)])).toEqual({
    identical: false,
    difference: 2 ** -50,
  });
  expect(compareAnswers(cold, [step(7), step(8, -0.5, 1.25), step(9, -1.125)])).toEqual({
    identical: false,
    difference: 0.25,
  });
});

test("behind the first different token nothing is compared; there both margins count", () => {
  expect(compareAnswers(cold, [step(7), step(5, -9, 0.5), step(9, -99)])).toEqual({
    identical: false,
    difference: 0.75,
  });
});

test("a shorter answer, a longer one and none at all are not identical", () => {
  expect(compareAnswers(cold, cold.slice(1)).identical).toBe(false);
  expect(compareAnswers(cold, cold.slice(0, 2)).identical).toBe(false);
  expect(compareAnswers(cold, [...cold, step(1)]).identical).toBe(false);
  expect(compareAnswers([], []).identical).toBe(false);
});

test("what the engine does not tell proves nothing", () => {
  const silent = [{ ...step(7), logProbability: undefined }];
  expect(compareAnswers(silent, silent).identical).toBe(false);
});
