import type { Diagnosis } from "@benchreport/contract";
import { LlamaKvError, loadLibrary, locateBinaries } from "@benchreport/llama-kv";
import { decodeOneToken } from "./self-test.ts";

type Finding = Diagnosis["findings"][number];

/** Tries to open the engine and to decode one token, and tells every place that was looked at. Never throws. */
export async function diagnose(): Promise<Diagnosis> {
  const findings: Finding[] = [];
  try {
    const { tried, found, expectedRelease } = await locateBinaries();
    findings.push({ what: "the native addon is built", ok: true, fix: undefined });
    for (const { source, directory, outcome } of tried) {
      const isPackage = source.startsWith("@");
      const fix = isPackage
        ? `install ${source}, or name a folder of llama.cpp's libraries in LLAMA_KV_BINARIES`
        : `let ${source} name a folder of llama.cpp's libraries of release ${expectedRelease}, or unset it`;
      const ok = directory !== undefined && directory === found?.directory;
      findings.push({ what: `${source}: ${outcome}`, ok, fix: ok ? undefined : fix });
    }
    const library = await loadLibrary();
    await decodeOneToken(library);
    findings.push({ what: "one token of a generated model was decoded", ok: true, fix: undefined });
    const devices = library.devices.map(({ name, description }) => `${name} (${description})`);
    return { usable: true, version: `llama.cpp ${library.release}`, devices, findings };
  } catch (error) {
    const fix = LlamaKvError.is(error) ? error.fix : undefined;
    findings.push({ what: error instanceof Error ? error.message : String(error), ok: false, fix });
    return { usable: false, version: undefined, devices: [], findings };
  }
}
