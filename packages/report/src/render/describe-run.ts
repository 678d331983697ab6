import type { Report } from "../schema/report.ts";

/** What ran, on one line: engine, version, device, model, settings that decide the speed. */
export function describeRun({ engine, model_info }: Report): string {
  const quantization = model_info.quantization === null ? "" : ` ${model_info.quantization}`;
  const threads = engine.settings["threads"];
  const parts = [engine.version, engine.device, `${model_info.name} (${model_info.architecture}${quantization})`];
  if (typeof threads === "number") parts.push(threads === 1 ? "1 thread" : `${threads} threads`);
  return parts.join(" · ");
}
