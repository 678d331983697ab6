import { resolveModelFrom } from "../../src/resolve-model.ts";
import { tinyModel } from "../tiny-wheel.ts";

// node --conditions=@benchreport/source resolve-tiny.ts: the tiny default model, with a line for each new stage. With
// STOP_AT it stays for ever in the first step of that stage.
const stopAt = process.env["STOP_AT"];
let shown: string | undefined;
const model = await resolveModelFrom(
  { defaultModel: tinyModel, loadDownloader: () => Promise.reject(new Error("unused")) },
  {
    accepts: "file",
    onProgress({ stage, text }) {
      if (stage === shown) return;
      shown = stage;
      say(`${stage}: ${text}`);
      if (stage !== stopAt) return;
      say("stopped");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  },
);
say(`resolved: ${model?.digest}`);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
