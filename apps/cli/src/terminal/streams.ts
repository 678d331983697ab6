/** Data for other programs and for the reader. */
export function writeOutput(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Everything else: what is happening, warnings, errors. */
export function writeError(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Whether a stream's reader wants colours: a terminal, unless NO_COLOR says otherwise. */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}
