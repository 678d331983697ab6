import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const memory = import.meta.resolve("@benchreport/backend-memory");

/**
 * Writes an adapter into a folder outside the repository: the memory engine with `disturb` called before each
 * `ensurePrefix`, with the number of the call (and the options of `createBackend`), `close` after the engine was
 * closed, and `create` before it is created. Gives its path.
 */
export async function writeAdapter(folder: string, disturb: string, close = "", create = ""): Promise<string> {
  const path = join(folder, "adapter.mjs");
  const source = `
import { backend as memory } from ${JSON.stringify(memory)};
let calls = 0;
let options;
const disturb = async (call) => { ${disturb} };
const disturbClose = async () => { ${close} };
const bound = (target, name) => typeof target[name] === "function" ? target[name].bind(target) : target[name];
const wrapSession = (session) => new Proxy(session, {
  get: (target, name) => name !== "ensurePrefix" ? bound(target, name) : async (...args) => {
    await disturb(++calls);
    return target.ensurePrefix(...args);
  },
});
const wrapBackend = (engine) => new Proxy(engine, {
  get: (target, name) => {
    if (name === "close") return async () => { await target.close(); await disturbClose(); };
    return name !== "openSession" ? bound(target, name) : async (...args) => wrapSession(await target.openSession(...args));
  },
});
export const backend = {
  ...memory,
  name: "disturbed",
  createBackend: async (given) => {
    ${create};
    return wrapBackend(await memory.createBackend((options = given)));
  },
};
`;
  await writeFile(path, source);
  return path;
}
