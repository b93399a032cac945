import { once } from "node:events";
import { readSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { aggregate } from "../../src/aggregate/runner.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import type { ChildTask } from "./victim.ts";

/** A process that does one task in small steps, so that it can be killed in the middle of many things. */
const task: ChildTask = JSON.parse(process.argv[2] ?? "{}");
const now = (): number => task.now;
/** So small that the inbox is filled and packed many times. */
const INBOX = { batch: 500, waiting: 900, worthAFile: 60, ageMs: 0 };
/** One breakdown is gone, one is read from elsewhere. */
const CHANGED = DEFAULT_BREAKDOWNS.flatMap((breakdown) => {
  if (breakdown.name === "rights") return [];
  if (breakdown.name !== "languages") return [breakdown];
  const sources = [{ entries: "metadata.publisher", id: null, label: null }];
  return [{ ...breakdown, records: { snapshot: "all" as const, sources }, label: "none" as const }];
});
let stoodStill = false;
const engine = await openEmbedded({ dataDir: task.dataDir, inbox: INBOX });
process.stdout.write("ready\n");
if (task.waits === "before") await once(process.stdin, "data");
const result = task.kind === "ingest" ? await ingest(engine) : await count(engine);
await engine.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

async function ingest({ facts }: Engine): Promise<object> {
  return await ingestFiles({
    files: task.files,
    facts,
    rejectsDir: join(task.dataDir, "rejects"),
    now,
    threads: 0,
    blockSizes: { blockBytes: 64 << 10, lineBytes: 1 << 20 },
    batchSizes: { events: task.batchEvents, lines: 150, sourceCharacters: 1 << 20 },
  });
}

/** In the middle of a step, with all that it keeps from others. */
function standStill(): void {
  if (task.waits !== "with the lease" || stoodStill) return;
  stoodStill = true;
  // Not by process.stdin: that would make reading return at once.
  writeSync(1, "holds\n");
  readSync(0, Buffer.alloc(16));
}

async function count(opened: Engine): Promise<object> {
  return await aggregate(opened, {
    breakdowns: task.kind === "change" ? CHANGED : DEFAULT_BREAKDOWNS,
    workers: task.workers,
    dataDir: task.dataDir,
    owner: `${hostname()}:${process.pid}`,
    now,
    batchDays: 2,
    leaseTtlMs: 3_600_000,
    progress: standStill,
  });
}
