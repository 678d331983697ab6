import { exitLike, runTurbo } from "./turbo/run-turbo.ts";

// node turbo.ts ARGUMENTS…: turbo, with what native builds depend on in its hashes and with a quiet stdout.
exitLike(await runTurbo(process.argv.slice(2)));
