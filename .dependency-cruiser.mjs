import { engineFolders, enginePackages, importTable } from "./tools/workspace/src/layers/import-table.ts";

const workspace = "^(apps|packages|native|tools)/";
const testFile = "\\.test(-helper)?\\.ts$|^[^/]+/[^/]+/test/|vitest\\.config\\.ts$";

/** One rule for each row: everything in the workspace but the package itself and what the row names is out of bounds. */
const layers = importTable.map(({ folder, mayImport, testsMayImport = [] }) => ({
  name: `layers: ${folder}`,
  comment: "The import table of tools/workspace/src/layers/import-table.ts does not allow this.",
  severity: "error",
  from: { path: `^(?:${folder})/` },
  to: {
    path: workspace,
    pathNot: [ownFolder(folder), ...[...mayImport, ...testsMayImport].map((path) => `^${path}/`)],
  },
}));

export default {
  forbidden: [
    ...layers,
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "judge-and-judged-apart",
      comment: "An adapter that used the oracle, directly or through others, would share its mistakes.",
      severity: "error",
      from: { path: "^packages/backend-", pathNot: "/test/conformance\\.test\\.ts$" },
      to: { path: "^packages/contract/src/(oracle|predict-reuse|judge-reuse)\\.ts$", reachable: true },
    },
    {
      name: "conformance-in-its-one-test",
      severity: "error",
      from: { path: "^packages/backend-", pathNot: "/test/conformance\\.test\\.ts$" },
      to: { path: "^packages/conformance/" },
    },
    {
      name: "adapters-lazily",
      comment: "The command line loads the adapter that is used, not all of them.",
      severity: "error",
      from: { path: "^apps/cli/" },
      to: { path: "^packages/backend-", dynamic: false },
    },
    {
      name: "adapters-in-one-file",
      comment: "The list of bundled adapters stands in one file.",
      severity: "error",
      from: { path: "^apps/cli/", pathNot: "/bundled-backends\\.ts$" },
      to: { path: "^packages/backend-" },
    },
    {
      name: "engines-behind-adapters",
      severity: "error",
      from: { pathNot: `^${engineFolders}/` },
      to: { path: `node_modules/${enginePackages}` },
    },
    {
      name: "not-around-the-exports",
      comment: "Another package is reached by its name and its exports, never by a path into it.",
      severity: "error",
      from: { path: "^((?:apps|packages|native|tools)/[^/]+)/" },
      to: { path: workspace, pathNot: "^$1/", dependencyTypes: ["local"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "declared",
      comment: "Whoever imports a package names it in package.json.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-development-dependency-at-run-time",
      severity: "error",
      from: { path: "^(apps|packages|native)/", pathNot: testFile },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm-peer"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^((apps|packages|native|tools)/[^/]+|\\.\\.)/(dist|build|\\.turbo|\\.test-results)/" },
    // Test tools stand in the root's package.json, everything else in the package's own.
    combinedDependencies: true,
    // Types count: a layer that needs another's types depends on it.
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@benchreport/source", "import", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".json"],
    },
  },
};

function ownFolder(folder) {
  return `^${folder}/`;
}
