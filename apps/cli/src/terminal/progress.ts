import { printableLine } from "@benchreport/report/printable";
import ora from "ora";

/** One line that says what is happening now, on a terminal only. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away, so that something else can be printed. */
  clear(): void;
}

export function createProgressLine(enabled: boolean): ProgressLine {
  // A terminal without a width (some pseudo terminals) would make the spinner count an endless number of lines.
  const canRedraw = process.stderr.isTTY === true && process.stderr.columns > 0;
  if (!enabled || !canRedraw) return { show: () => undefined, clear: () => undefined };
  // Ctrl-C must stay a signal: ora may not read the terminal.
  // And it may not redraw often: every redraw takes time from an engine that uses all cores.
  const calm = { interval: 500, frames: ["·  ", "·· ", "···", " ··", "  ·", "   "] };
  const spinner = ora({ stream: process.stderr, discardStdin: false, spinner: calm });
  return {
    show(text) {
      spinner.text = printableLine(text);
      if (!spinner.isSpinning) spinner.start();
    },
    clear: () => void spinner.stop(),
  };
}

/** A share as percents, for example ` 42 %`; empty where it is unknown. */
export function formatShare(fraction: number | undefined): string {
  return fraction === undefined ? "" : ` ${Math.round(fraction * 100)} %`;
}

/** Remaining time in words; empty where it is unknown. */
export function formatRemaining(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "";
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}
