import type { Scenario } from "@benchreport/runner";

// On the memory engine a byte is a token, so that every length below can be counted by hand.

/** 200 bytes: 40 words of four letters and a space. */
export const stable200 = Array.from({ length: 40 }, (_, index) => `w${String(index).padStart(3, "0")} `).join("");

/** The same with the word at byte 120 changed: `w024 ` became `x024 `. */
export const edited200 = `${stable200.slice(0, 120)}x${stable200.slice(121)}`;

/** 200 stable tokens, suffixes of 20 and 24, an edit at token 120, a curve of 0, 10 and 40, answers of 10. */
export const handMadeScenario: Scenario = {
  stable: stable200,
  suffix: "Why does this fail? ",
  changedSuffix: "Which one is to change? ",
  editedStable: edited200,
  suffixCurve: ["", "Ten bytes.", "Forty bytes of a question, give or take."],
  maxDecode: 10,
};
