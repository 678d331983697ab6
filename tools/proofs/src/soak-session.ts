import { backend as llama } from "@benchreport/backend-llama";
import { type Backend, createManifest, type Session } from "@benchreport/contract";

// node --expose-gc --max-semi-space-size=1 --conditions=@benchreport/source soak-session.ts MODEL: many turns in one session, and by how many
// bytes this process grew in each stretch of them. A process of its own, because a test runner remembers things too.

const stretches = 6;
const turns = 2000;
const path = process.argv[2] ?? "";

await using engine = await llama.createBackend({
  settings: { threads: 1, ubatchTokens: 32, memoryMap: false },
  model: { name: "tiny.gguf", path, digest: "of the tiny model" },
});
await using session = await engine.openSession({ contextTokens: 1024 });
const growth: number[] = [];
for (let stretch = 0; stretch < stretches; stretch++) {
  const before = residentBytes();
  for (let turn = 0; turn < turns; turn++) await takeTurn(engine, session, turn);
  growth.push(residentBytes() - before);
}
console.log(JSON.stringify(growth));

/** A warm turn, or one behind an edit: one in three. */
async function takeTurn(backend: Backend, warm: Session, turn: number): Promise<void> {
  const stable = `${"one two three ".repeat(12)}${turn % 3 === 0 ? turn : ""}`;
  const question = `why ${turn}?`;
  const manifest = createManifest(backend.describe().identity, {
    stable: [{ kind: "stable", name: "stable", text: stable }],
    volatile: [{ kind: "question", name: "question", text: question }],
  });
  await warm.ensurePrefix({ text: stable, manifest });
  await warm.prefillSuffix({ text: question, manifest });
  let tokens = 0;
  for await (const event of warm.decode({ maxTokens: 4, logProbabilities: true })) {
    if (event.type === "token") tokens++;
  }
  if (tokens === 0) throw new Error(`turn ${turn} had no answer`);
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
