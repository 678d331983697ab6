import { exitLike, runTurbo } from "./turbo/run-turbo.ts";

// node build.ts PACKAGE: builds a package and what it needs. Says nothing where there is nothing to do, one line where it
// takes time, and everything where it fails.

const [name = ""] = process.argv.slice(2);
const patienceMs = 2000;

const output: Buffer[] = [];
const notice = setTimeout(() => process.stderr.write(`building ${name} …\n`), patienceMs);
const exit = await runTurbo(["run", "build", `--filter=${name}`, "--output-logs=errors-only"], {
  onOutput: (chunk) => void output.push(chunk),
});
clearTimeout(notice);
if ("signal" in exit || exit.code !== 0) process.stderr.write(Buffer.concat(output));
exitLike(exit);
