import { InvalidArgumentError } from "commander";

/** A parser for a whole number within bounds, written in digits. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** A parser for whole numbers in growing order, separated by commas. */
export function growingNumbers(minimum: number, maximum: number): (text: string) => number[] {
  const parse = wholeNumber(minimum, maximum);
  return (text) => {
    const values = text.split(",").map((part) => parse(part.trim()));
    if (values.some((value, index) => index > 0 && value <= (values[index - 1] ?? 0))) {
      throw new InvalidArgumentError("The numbers must be in growing order.");
    }
    return values;
  };
}
