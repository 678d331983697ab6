import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseReportText } from "@benchreport/report";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { writeAdapter } from "./write-adapter.ts";

const small = ["--stable-tokens", "400", "--suffix-tokens", "40", "--repetitions", "2", "--curve", "0,20"];

describe("a run on the memory engine", () => {
  it("prints headline, table, verdicts and notes, writes the report, and ends with 0", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "report.json");
    const result = await runCli(["run", "--backend", "memory", ...small, "--output", `json=${path}`]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout.split("\n")[0]).toBe("No gain shown: the engine is a simulation with a clock of its own.");
    for (const part of ["cold full prefill", "reused, 0 evaluated", "✔ output_unchanged", "Notes"]) {
      expect(result.stdout).toContain(part);
    }
    expect(result.stderr).toContain("memory 1 · virtual");
    expect(result.stderr).toContain(`wrote ${path}`);
    expect(result.stdout + result.stderr).not.toContain("\u001b");
    const parsed = parseReportText(await readFile(path, "utf8"));
    expect(parsed).toMatchObject({ ok: true, report: { complete: true, backend: "memory" } });
    if (parsed.ok) expect(parsed.report.command).toContain("benchreport run --backend memory --stable-tokens 400");
    expect(await readdir(folder)).toEqual(["report.json"]);
  });

  it("writes no file without --output, and nothing but the report to stdout with --json", async () => {
    const cwd = await temporaryFolder();
    const result = await runCli(["run", "--backend", "memory", ...small, "--json"], { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(parseReportText(result.stdout)).toMatchObject({ ok: true });
    expect(await readdir(cwd)).toEqual([]);
  });

  it("writes through a link to the file behind it", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "real.json"), "an older report");
    await symlink("real.json", join(cwd, "link.json"));
    await runCli(["run", "--backend", "memory", ...small, "--quiet", "--output", "json=link.json"], { cwd });
    expect(parseReportText(await readFile(join(cwd, "real.json"), "utf8"))).toMatchObject({ ok: true });
    expect((await readdir(cwd)).sort()).toEqual(["link.json", "real.json"]);
  });

  it("prints one line with --quiet", async () => {
    const result = await runCli(["run", "--backend", "memory", ...small, "--quiet"]);
    expect(result.stdout.trim().split("\n")).toHaveLength(1);
    expect(result.stderr).toBe("");
  });

  it("takes settings, converted by the adapter's schema", async () => {
    const settings = ["--set", "granularityTokens=100", "--set", "exact=false", "--set", "wholePrefix=aligned"];
    const result = await runCli(["run", "--backend", "memory", ...small, ...settings, "--json"]);
    const parsed = parseReportText(result.stdout);
    expect(parsed).toMatchObject({
      ok: true,
      report: {
        warm_same_prefix: { cached_tokens: 300 },
        engine: { settings: { granularityTokens: 100, exact: false } },
      },
    });
  });

  it("measures a scenario of one's own", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "scenario.json");
    await writeFile(
      path,
      JSON.stringify({ stable: "Some rules to follow, each of them short. ".repeat(5), suffix: "Why?" }),
    );
    const result = await runCli(["run", "--backend", "memory", "--scenario", path, "--json"]);
    expect(result.exitCode).toBe(0);
    const parsed = parseReportText(result.stdout);
    expect(parsed).toMatchObject({
      ok: true,
      report: { scenario: { id: "file" }, cold_full_prefill: { tokens: 210 } },
    });
  });
});

describe("an adapter outside the repository", () => {
  it("is run by its path", async () => {
    const cwd = await temporaryFolder();
    await writeAdapter(cwd, "");
    for (const name of [join(cwd, "adapter.mjs"), "./adapter.mjs"]) {
      const result = await runCli(["run", "--backend", name, ...small, "--quiet"], { cwd });
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  it("that fails in a step has a failed section, exit code 3, and the rest is measured", async () => {
    const cwd = await temporaryFolder();
    const path = await writeAdapter(cwd, `if (call === 9) throw new Error("stumbled");`);
    const result = await runCli(["run", "--backend", path, ...small, "--output", "json=report.json"], { cwd });
    expect(result.exitCode).toBe(3);
    expect(result.stdout).toMatch(/^FAILED: section /);
    const parsed = parseReportText(await readFile(join(cwd, "report.json"), "utf8"));
    expect(parsed).toMatchObject({ ok: true, report: { complete: true } });
  });

  it.each([
    ["exit code 7", "process.exit(7)"],
    ["signal SIGKILL", `process.kill(process.pid, "SIGKILL"); await new Promise(() => {})`],
  ])("that kills its process (%s) ends in one error, with the finished sections kept", async (how, death) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "report.json"), "a good report from before");
    const path = await writeAdapter(cwd, `if (call === 12) { ${death}; }`);
    const result = await runCli(["run", "--backend", path, ...small, "--output", "json=report.json"], { cwd });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain(`The engine's process died during the run (${how}).`);
    expect(result.stderr).toContain("[ENGINE_DIED]");
    expect(result.stderr).not.toContain("    at ");
    expect(await readFile(join(cwd, "report.json"), "utf8")).toBe("a good report from before");
    const parsed = parseReportText(await readFile(join(cwd, "report.json.partial"), "utf8"));
    expect(parsed).toMatchObject({ ok: true, report: { complete: false } });
    if (!parsed.ok) return;
    const statuses = Object.values(parsed.report.sections).map((section) => (section as { status: string }).status);
    expect(statuses).toContain("failed");
    expect(statuses).toContain("measured");
    expect(statuses).toContain("not_run");
  });

  it.each([
    ["waits for ever", "await new Promise(() => {})"],
    ["is caught in a loop", "for (;;);"],
  ])("that hangs (%s) ends in one error, with the finished sections kept", async (_, hang) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "report.json"), "a good report from before");
    const path = await writeAdapter(cwd, `if (call === 12) { ${hang}; }`);
    const args = ["run", "--backend", path, ...small, "--timeout", "3", "--output", "json=report.json"];
    const result = await runCli(args, { cwd });
    expect(result.exitCode).toBe(3);
    expect(result.stderr.match(/^error .*/gm)).toEqual([
      expect.stringMatching(/^error The engine did not answer within 3 s \(\w.*\)\. \[TIMEOUT\]$/),
    ]);
    expect(await readFile(join(cwd, "report.json"), "utf8")).toBe("a good report from before");
    const parsed = parseReportText(await readFile(join(cwd, "report.json.partial"), "utf8"));
    expect(parsed).toMatchObject({ ok: true, report: { complete: false } });
    if (!parsed.ok) return;
    const sections = Object.values(parsed.report.sections) as { status: string; error_code: string | null }[];
    expect(sections.filter(({ status }) => status === "failed")).toMatchObject([{ error_code: "TIMEOUT" }]);
    expect(sections.map(({ status }) => status)).toEqual(expect.arrayContaining(["measured", "not_run"]));
  });

  it("that hangs while it is started is a missing precondition", async () => {
    const cwd = await temporaryFolder();
    const path = await writeAdapter(cwd, "", "", "await new Promise(() => {})");
    const result = await runCli(["run", "--backend", path, "--timeout", "3", "--output", "json=r.json"], { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain("The engine did not answer within 3 s (Loading disturbed). [TIMEOUT]");
    expect(await readdir(cwd)).toEqual(["adapter.mjs"]);
  });

  it("whose steps go on is given as long as it needs", async () => {
    const cwd = await temporaryFolder();
    // The last steps take a dozen turns each: together longer than the timeout, each of them shorter.
    const path = await writeAdapter(cwd, "if (call > 30) await new Promise((resolve) => setTimeout(resolve, 500));");
    const result = await runCli(["run", "--backend", path, ...small, "--timeout", "3", "--quiet"], { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("that cannot close, or dies while it closes, costs no result", async () => {
    const cwd = await temporaryFolder();
    for (const [death, said] of [
      [`throw new Error("cannot close")`, /warning {2}the backend disturbed could not be closed: cannot close/],
      ["process.exit(9)", /wrote report\.json/],
    ] as const) {
      const path = await writeAdapter(cwd, "", death);
      const result = await runCli(["run", "--backend", path, ...small, "--output", "json=report.json"], { cwd });
      expect(result.exitCode).toBe(0);
      expect(result.stderr).toMatch(said);
      const parsed = parseReportText(await readFile(join(cwd, "report.json"), "utf8"));
      expect(parsed).toMatchObject({ ok: true, report: { complete: true } });
    }
  });

  it("that says late how far it has loaded does not stop the run", async () => {
    const cwd = await temporaryFolder();
    const path = await writeAdapter(
      cwd,
      "for (let tick = 0; tick < 5; tick++) setTimeout(() => options.onProgress(1), tick);",
    );
    expect(await runCli(["run", "--backend", path, ...small, "--quiet"], { cwd })).toMatchObject({ exitCode: 0 });
  });

  it("in a folder, or in a package with nothing but exports for import, is found", async () => {
    const cwd = await temporaryFolder();
    const folder = join(cwd, "node_modules", "@acme", "engine");
    await mkdir(folder, { recursive: true });
    await writeAdapter(folder, "");
    const exports = { ".": { import: "./adapter.mjs" } };
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "@acme/engine", type: "module", exports }));
    for (const name of ["@acme/engine", folder, "./node_modules/@acme/engine"]) {
      const result = await runCli(["run", "--backend", name, ...small, "--quiet"], { cwd });
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  it("that dies while it is started is a missing precondition", async () => {
    const cwd = await temporaryFolder();
    const path = join(cwd, "adapter.mjs");
    const rest = `name: "dying", summary: "", model: "none", settingsSchema: {}, diagnose: async () => ({})`;
    await writeFile(
      path,
      `export const backend = { specificationVersion: "v1", ${rest}, createBackend: async () => process.abort() };`,
    );
    const result = await runCli(["run", "--backend", path], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("died while it was started (signal SIGABRT)");
  });
});

describe("what a run found", () => {
  it("is printed though it cannot be written any more", async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, "out"));
    const path = await writeAdapter(
      cwd,
      `if (call === 3) (await import("node:fs")).rmSync(${JSON.stringify(join(cwd, "out"))}, { recursive: true });`,
    );
    const result = await runCli(["run", "--backend", path, ...small, "--output", "json=out/report.json"], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain("cold full prefill");
    expect(result.stderr).toContain("[OUTPUT_INVALID]");
  });

  it.skipIf(process.platform === "win32")(
    "keeps the good report from before when there is no room for it",
    async () => {
      const cwd = await temporaryFolder();
      await writeFile(join(cwd, "r.json"), "a good report from before");
      const args = ["run", "--backend", "memory", ...small, "--output", "json=r.json"];
      const result = await runCli(args, { cwd, largestFile: 4096 });
      expect(result).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("cold full prefill") });
      expect(result.stderr).toMatch(/cannot be written to "r\.json"[\s\S]*EFBIG/);
      expect(await readFile(join(cwd, "r.json"), "utf8")).toBe("a good report from before");
      expect(await readdir(cwd)).toEqual(["r.json"]);
    },
  );

  it("is written though whoever read it has seen enough", async () => {
    const cwd = await temporaryFolder();
    const result = await runCli(["run", "--backend", "memory", ...small, "--json", "--output", "json=r.json"], {
      cwd,
      closeStdout: true,
      closeStderr: true,
    });
    expect(result.exitCode).toBe(0);
    expect(parseReportText(await readFile(join(cwd, "r.json"), "utf8"))).toMatchObject({ ok: true });
  });

  it("reaches a terminal without control characters, wherever they come from", async () => {
    const cwd = await temporaryFolder();
    const hostile = "x\u001b[2J\u001b]8;;y\u0007\u009b2J\u202e\r\nerror";
    const path = await writeAdapter(
      cwd,
      `if (call === 12) { console.error("fatal " + ${JSON.stringify(hostile)} + " error"); process.exit(7); }`,
    );
    const results = [
      await runCli(["run", "--backend", path, ...small, "--debug"], { cwd }),
      await runCli(["run", "--backend", hostile], { cwd }),
      await runCli(["run", "--backend", "memory", "--set", `${hostile}=1`], { cwd }),
      await runCli(["run", `--${hostile}`], { cwd }),
      await runCli(["validate", hostile], { cwd }),
    ];
    expect(results.map(({ exitCode }) => exitCode)).toEqual([3, 2, 2, 2, 2]);
    for (const { stdout, stderr } of results) {
      expect(stderr).toContain("x\\u001b[2J\\u001b]8;;y\\u0007\\u009b2J\\u202e");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    expect(results[1]?.stderr).toMatch(/^error There is no backend .*\\nerror/);
  });

  it("stays the same JSON, though no control character is printed", async () => {
    const cwd = await temporaryFolder();
    const words = "Some rules, each of them short. ".repeat(9);
    await writeFile(join(cwd, "s.json"), JSON.stringify({ stable: `## \u009b2J \u202e\n${words}`, suffix: "Why?" }));
    const args = ["run", "--backend", "memory", "--scenario", "s.json", "--repetitions", "1", "--json"];
    const { stdout } = await runCli([...args, "--output", "json=r.json"], { cwd });
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(join(cwd, "r.json"), "utf8")));
  });
});

describe("Ctrl-C", () => {
  const slow = `if (call === 12) console.log("well under way"); await new Promise((resolve) => setTimeout(resolve, 60));`;

  it("leaves what was measured in PATH.partial, PATH as it was, and ends with 130", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "report.json"), "a good report from before");
    const path = await writeAdapter(cwd, slow);
    const args = ["run", "--backend", path, ...small, "--output", "json=report.json", "--debug"];
    const result = await runCli(args, { cwd, interruptAt: /well under way/ });
    expect(result.exitCode).toBe(130);
    expect(await readFile(join(cwd, "report.json"), "utf8")).toBe("a good report from before");
    const parsed = parseReportText(await readFile(join(cwd, "report.json.partial"), "utf8"));
    expect(parsed).toMatchObject({
      ok: true,
      report: { complete: false, sections: { cancel_decode: { status: "not_run" } } },
    });
    expect(result.stdout).toContain("Not finished: the run was interrupted");
  });

  it("before anything was measured keeps the partial report of an earlier run", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "report.json.partial"), "what an earlier run measured");
    const path = await writeAdapter(
      cwd,
      `console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 300));`,
    );
    const args = ["run", "--backend", path, ...small, "--output", "json=report.json", "--debug"];
    const result = await runCli(args, { cwd, interruptAt: /begun/ });
    expect(result.exitCode).toBe(130);
    expect(await readFile(join(cwd, "report.json.partial"), "utf8")).toBe("what an earlier run measured");
  });

  it("ends a question to an adapter that does not answer", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "adapter.mjs"), `console.log("asked"); for (;;);`);
    const result = await runCli(["backends", "./adapter.mjs", "--debug"], { cwd, interruptAt: /asked/ });
    expect(result).toMatchObject({ exitCode: 130, stdout: "" });
  });

  it("stops an engine that does not answer", async () => {
    const cwd = await temporaryFolder();
    const path = await writeAdapter(
      cwd,
      `if (call === 4) { console.log("stuck"); const end = Date.now() + 60_000; while (Date.now() < end); }`,
    );
    const start = performance.now();
    const result = await runCli(["run", "--backend", path, ...small, "--debug"], { cwd, interruptAt: /stuck/ });
    expect(result.exitCode).toBe(130);
    // The busy loop would hold the process for a minute.
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
