import { expect, it } from "vitest";
import { reportJsonSchema } from "./report.ts";

it("is published as a file that says what this version says; vitest -u writes it anew", async () => {
  await expect(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    "../../schema/report-1.schema.json",
  );
});
