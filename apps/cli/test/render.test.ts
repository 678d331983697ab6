import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseReportText } from "@benchreport/report";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const quick = ["run", "--backend", "memory", "--quick", "--quiet"];

describe("a report that was written", () => {
  it("is shown again, as on the terminal, as Markdown, as the same JSON", async () => {
    const cwd = await temporaryFolder();
    await runCli([...quick, "--output", "json=r.json", "--output", "md=r.md"], { cwd });
    const markdown = await runCli(["render", "r.json", "--to", "md"], { cwd });
    expect(markdown).toMatchObject({ exitCode: 0, stderr: "", stdout: await readFile(join(cwd, "r.md"), "utf8") });
    expect(markdown.stdout).toContain("| `output_unchanged` | ✔ pass |");
    const terminal = await runCli(["render", "r.json"], { cwd });
    expect(terminal.stdout).toMatch(/^No gain shown: .*\n[\s\S]*^✔ output_unchanged/m);
    const json = await runCli(["render", "r.json", "--to", "json"], { cwd });
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(await readFile(join(cwd, "r.json"), "utf8")));
  });

  it("is written where --output says, and nowhere else", async () => {
    const cwd = await temporaryFolder();
    await runCli([...quick, "--output", "json=r.json"], { cwd });
    const result = await runCli(["render", "r.json", "--to", "md", "--output", "r.md"], { cwd });
    expect(result).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(await readFile(join(cwd, "r.md"), "utf8")).toMatch(/^\*\*No gain shown/);
    expect((await readdir(cwd)).sort()).toEqual(["r.json", "r.md"]);
  });

  it.each(["-", "/dev/stdin"])("is read from standard input by %s", async (path) => {
    const { stdout: input } = await runCli([...quick.slice(0, -1), "--json"]);
    expect(await runCli(["validate", path], { input })).toMatchObject({ exitCode: 0, stderr: "" });
    const rendered = await runCli(["render", path, "--to", "md"], { input });
    expect(rendered.stdout).toContain("| cold full prefill |");
    const refused = await runCli(["validate", path], { input: "{}" });
    expect(refused).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining("[REPORT_INVALID]") });
  });

  it("that is none, or to something unknown, is refused", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "r.json"), `{"schema_version":"1"}`);
    const none = await runCli(["render", "r.json", "--output", "out"], { cwd });
    expect(none).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/valid report[\s\S]*missing/),
    });
    const unknown = await runCli(["render", "r.json", "--to", "pdf"], { cwd });
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/terminal, md, json/) });
    expect(await readdir(cwd)).toEqual(["r.json"]);
  });
});

describe("outputs", () => {
  it("of one kind go to several places", async () => {
    const cwd = await temporaryFolder();
    const result = await runCli([...quick, "--output", "json=a.json", "--output", "json=b.json"], { cwd });
    expect(result.exitCode).toBe(0);
    const [a, b] = await Promise.all(["a.json", "b.json"].map((name) => readFile(join(cwd, name), "utf8")));
    expect(parseReportText(a ?? "")).toMatchObject({ ok: true });
    expect(b).toBe(a);
  });

  it.each([
    ["the same place", "json=r.json", "md=./r.json"],
    ["where an unfinished one goes", "json=r", "md=r.partial"],
  ])("to %s are refused before anything runs", async (_, first, second) => {
    const cwd = await temporaryFolder();
    const result = await runCli([...quick, "--output", first, "--output", second], { cwd });
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/\[OUTPUT_INVALID\][\s\S]*same place/),
    });
    expect(await readdir(cwd)).toEqual([]);
  });

  it("of two runs at once are one whole report", async () => {
    const cwd = await temporaryFolder();
    const args = [...quick, "--output", "json=r.json"];
    const results = await Promise.all([runCli(args, { cwd }), runCli(args, { cwd })]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(parseReportText(await readFile(join(cwd, "r.json"), "utf8"))).toMatchObject({ ok: true });
    expect(await readdir(cwd)).toEqual(["r.json"]);
  });
});
