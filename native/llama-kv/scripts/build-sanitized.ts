import { compile } from "./compile.ts";

// Compiles targets that watch themselves while they run into build/sanitized-<sanitizers>:
// `node scripts/build-sanitized.ts address,undefined llama_kv_core_test llama_kv_engine_test`.

const [sanitizers, ...targets] = process.argv.slice(2);
if (sanitizers === undefined || targets.length === 0) {
  process.stderr.write("Usage: node scripts/build-sanitized.ts <sanitizers> <target>…\n");
  process.exit(2);
}
const folder = `cmake-${sanitizers.replaceAll(",", "-")}`;
for (const target of targets) {
  const code = await compile({ folder, target, sanitizers });
  if (code !== 0) process.exit(code);
}
