import { resolve } from "node:path";
import { layerFaults } from "./layers/layer-faults.ts";
import { longTestFaults } from "./packages/long-test-faults.ts";
import { nodeVersionFaults } from "./packages/node-version-faults.ts";
import { readPackages } from "./packages/read-packages.ts";

// node check-packages.ts [ROOT]: what source checks cannot see, because it stands in the package files.
const root = resolve(process.argv[2] ?? ".");
const packages = readPackages(root);
const faults = [...layerFaults(packages), ...nodeVersionFaults(root, packages), ...longTestFaults(root, packages)];
for (const fault of faults) console.error(`error ${fault}`);
console.log(`${packages.length} package files checked, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
