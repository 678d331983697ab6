import { spawnSync } from "node:child_process";

/**
 * Everything outside the repository that a native build depends on, as one line of text. It goes into the hash of
 * native builds, so that another
 * compiler or platform is another build. What is absent reads `none`: that a compiler appears changes the line too.
 */
export function describeToolchain(environment: NodeJS.ProcessEnv = process.env): string {
  const compiler = environment["CXX"] || (process.platform === "win32" ? "cl" : "c++");
  return [
    `${process.platform}-${process.arch}`,
    `libc ${libcVersion()}`,
    `c++ ${locate(compiler, environment)} ${firstLine(compiler, environment)}`,
    `cmake ${firstLine("cmake", environment)}`,
    ...["CXXFLAGS", "LDFLAGS", "CMAKE_GENERATOR"].map((name) => `${name}=${environment[name] ?? ""}`),
  ].join(" | ");
}

function libcVersion(): string {
  if (process.platform !== "linux") return "none";
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? "musl" : `glibc-${header.glibcVersionRuntime}`;
}

function locate(command: string, environment: NodeJS.ProcessEnv): string {
  const [finder, ...leading] = process.platform === "win32" ? ["where"] : ["sh", "-c", 'command -v "$0"'];
  return run(finder ?? "", [...leading, command], environment) ?? "none";
}

/** A compiler says its version on the first line; Microsoft's says it without being asked, and on stderr. */
function firstLine(command: string, environment: NodeJS.ProcessEnv): string {
  return run(command, process.platform === "win32" && command === "cl" ? [] : ["--version"], environment) ?? "none";
}

function run(command: string, parameters: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: "utf8", env: environment });
  if (status !== 0) return undefined;
  return (stdout || stderr).split("\n")[0]?.trim();
}
