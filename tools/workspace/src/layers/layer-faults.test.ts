import { describe, expect, test } from "vitest";
import type { Manifest, WorkspacePackage } from "../packages/read-packages.ts";
import { layerFaults } from "./layer-faults.ts";

const contract = one("packages/contract", "contract");
const conformance = one("packages/conformance", "conformance", { dependencies: { contract: "*" } });

describe("the check of the package files", () => {
  test("passes what the import table allows", () => {
    const packages = [
      contract,
      conformance,
      one("native/a-kv", "a-kv", { dependencies: { "node-llama-cpp": "*" } }),
      one("packages/backend-a", "backend-a", {
        dependencies: { contract: "*", "a-kv": "*", zod: "*" },
        devDependencies: { conformance: "*" },
      }),
      one("apps/cli", "cli", { dependencies: { contract: "*" }, optionalDependencies: { "backend-a": "*" } }),
    ];
    expect(layerFaults(packages)).toEqual([]);
  });

  test.each(["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const)(
    "fails on a forbidden package in %s",
    (kind) => {
      const faults = layerFaults([contract, one("packages/report", "report", { [kind]: { contract: "*" } })]);
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(/^packages\/report\/package\.json: .* contract/);
    },
  );

  test("fails on the conformance suite as more than a development dependency of an adapter", () => {
    const adapter = one("packages/backend-a", "backend-a", { dependencies: { conformance: "*" } });
    expect(layerFaults([contract, conformance, adapter])).toHaveLength(1);
  });

  test("fails on an adapter that depends on the binding of another", () => {
    const adapter = one("packages/backend-a", "backend-a", { dependencies: { "b-kv": "*" } });
    expect(layerFaults([one("native/b-kv", "b-kv"), adapter])).toHaveLength(1);
  });

  test("fails on every dependency of a package that has no row", () => {
    expect(layerFaults([contract, one("packages/new", "new", { dependencies: { contract: "*" } })])).toHaveLength(1);
  });

  test.each(["node-llama-cpp", "@node-llama-cpp/linux-x64", "openvino-node"])(
    "fails on the engine %s outside an adapter",
    (engine) => {
      const faults = layerFaults([one("packages/runner", "runner", { devDependencies: { [engine]: "*" } })]);
      expect(faults).toEqual([expect.stringContaining(engine)]);
    },
  );

  test("fails on a cycle, development dependencies included, and names it", () => {
    const packages = [
      one("tools/a", "a", { dependencies: { b: "*" } }),
      one("tools/b", "b", { devDependencies: { c: "*" } }),
      one("tools/c", "c", { dependencies: { a: "*" } }),
    ];
    expect(layerFaults(packages)).toContain("cycle of packages: a → b → c → a");
  });
});

function one(folder: string, name: string, manifest: Partial<Manifest> = {}): WorkspacePackage {
  return { folder, manifest: { name, ...manifest } };
}
