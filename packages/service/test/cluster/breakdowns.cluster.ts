import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_BREAKDOWNS, OPTIONAL_USAGE_SIDES, type Breakdown } from "@community-stats/contract/breakdowns.ts";
import { expect, it } from "vitest";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { aggregate, type AggregationReport } from "../../src/aggregate/runner.ts";
import { openEngine } from "../../src/app.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { WORKED_FILES } from "../commands/process.ts";
import { openOwn } from "./test-cluster.ts";

/** Languages gone, use by subject new, rights and use by country as they were, publishers read from elsewhere. */
const CHANGED = DEFAULT_BREAKDOWNS.flatMap((breakdown): readonly Breakdown[] => {
  const usage = OPTIONAL_USAGE_SIDES[breakdown.name];
  if (breakdown.name === "languages") return [];
  if (usage !== undefined) return [{ ...breakdown, usage }];
  if (breakdown.name !== "publishers") return [breakdown];
  const sources = [{ entries: "access.status", id: null, label: null }];
  return [{ ...breakdown, records: { snapshot: "top", sources }, usage: { from: "record", snapshot: "top", sources } }];
});

function count(
  engine: Engine,
  breakdowns: readonly Breakdown[],
  hour: string,
  force = false,
): Promise<AggregationReport> {
  const now = () => Date.parse(`2025-03-14T${hour}:00:00Z`);
  return aggregate(engine, { breakdowns, workers: 1, owner: "test:1", now, force });
}

async function digestOf({ rollups }: Engine): Promise<string> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  return await canonicalDigest(rollups, live?.id ?? -1);
}

it("counts changed breakdowns alone, there and back again, to the numbers of a count from nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "breakdowns-"));
  const [engine, scratch] = [await openOwn(), await openEngine({ name: "memory", dataDir: folder })];
  try {
    for (const { facts } of [engine, scratch]) {
      await ingestFiles({ files: WORKED_FILES, facts, rejectsDir: join(folder, "rejects"), now: () => 0 });
    }
    await count(scratch, CHANGED, "08");
    await count(engine, DEFAULT_BREAKDOWNS, "08");
    const before = await digestOf(engine);
    expect(await count(engine, CHANGED, "09")).toMatchObject({ days: 0, restated: true, breakdowns: { days: 3 } });
    expect(await digestOf(engine)).toBe(await digestOf(scratch));
    // Everything is counted again under the new names before the old breakdowns come back.
    expect(await count(engine, DEFAULT_BREAKDOWNS, "11", true)).toMatchObject({ days: 3, restated: true });
    expect(await digestOf(engine)).toBe(before);
  } finally {
    await Promise.all([engine.close(), scratch.close()]);
    await rm(folder, { recursive: true });
  }
});
