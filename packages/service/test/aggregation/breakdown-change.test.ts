import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Breakdown, DEFAULT_BREAKDOWNS, OPTIONAL_USAGE_SIDES } from "@community-stats/contract/breakdowns.ts";
import type { Day } from "@community-stats/contract/days.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { aggregate, type AggregateOptions, type AggregationReport } from "../../src/aggregate/runner.ts";
import { extractDefinition, valuePlans } from "../../src/aggregate/value-columns.ts";
import { openEngine } from "../../src/app.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { MemoryRollups } from "../../src/engines/memory/rollups.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { WORKED_FILES } from "../commands/process.ts";
import { smallData } from "../faults/small-data.ts";

const NOW = Date.parse("2025-03-20T08:00:00Z");
const BY_NAME = new Map(DEFAULT_BREAKDOWNS.map((breakdown) => [breakdown.name, breakdown]));
const versions: Breakdown = {
  name: "versions",
  records: { snapshot: "all", sources: [{ entries: "metadata.version", id: null, label: null }] },
  usage: null,
  label: "none",
  multiple: false,
};
/** Languages gone, resource types by another field, referrers and subjects switched on for use, versions new, rights cut shorter. */
const CHANGED: readonly Breakdown[] = [
  ...DEFAULT_BREAKDOWNS.filter(({ name }) => name !== "languages").map((breakdown): Breakdown => {
    const usage = OPTIONAL_USAGE_SIDES[breakdown.name];
    if (usage !== undefined) return { ...breakdown, usage };
    if (breakdown.name === "resource_types") return { ...breakdown, records: named("access_statuses").records };
    return breakdown.name === "rights" ? { ...breakdown, multiple: false } : breakdown;
  }),
  versions,
];
const NAMES = { added: ["referrers", "versions"], removed: ["languages"], changed: ["resource_types", "subjects"] };

function named(name: string): Breakdown {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new Error(`no breakdown ${name}`);
  return found;
}

const folder = mkdtempSync(join(tmpdir(), "breakdown-change-"));
/** Three weeks of use of real records, and the three days of the worked example. */
let large: Engine;
let small: Engine;
beforeAll(async () => {
  large = await opened(smallData(folder));
  small = await opened(WORKED_FILES);
});
afterAll(async () => {
  await Promise.all([large, small].map((engine) => engine.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function opened(files: readonly string[]): Promise<Engine> {
  const engine = await openEngine({ name: "memory", dataDir: folder });
  const rejectsDir = join(folder, "rejects");
  await ingestFiles({ files, facts: engine.facts, rejectsDir, now: () => NOW });
  return engine;
}

/** What a count from nothing gives. */
async function digestFrom(engine: Engine, breakdowns: readonly Breakdown[]): Promise<string> {
  const scratch = watched(engine);
  await count(scratch, breakdowns);
  return await digestOf(scratch);
}

/** What was written into the live numbers, and what into others, since the last look. */
class WatchedRollups extends MemoryRollups {
  written: string[] = [];
  /** Called before every batch of days. */
  onDays: (count: number) => void = () => undefined;
  #batches = 0;

  override async replaceUsageDays(...args: Parameters<MemoryRollups["replaceUsageDays"]>): Promise<void> {
    this.onDays(++this.#batches);
    await this.#note("days", args[0]);
    await super.replaceUsageDays(...args);
  }
  override async replaceRecords(...args: Parameters<MemoryRollups["replaceRecords"]>): Promise<void> {
    await this.#note("records", args[0]);
    await super.replaceRecords(...args);
  }
  override async writeCheckpoints(...args: Parameters<MemoryRollups["writeCheckpoints"]>): Promise<void> {
    await this.#note("checkpoints", args[0]);
    await super.writeCheckpoints(...args);
  }
  async #note(what: string, generation: number): Promise<void> {
    const isLive = (await this.generations()).some(({ id, live }) => live && id === generation);
    this.written.push(`${isLive ? "live" : "beside"} ${what}`);
  }
}

type Watched = Engine & { readonly rollups: WatchedRollups };

/** The facts of the engine, and numbers of its own. */
function watched(engine: Engine): Watched {
  return { ...engine, rollups: new WatchedRollups() };
}

function count(
  on: Engine,
  breakdowns: readonly Breakdown[],
  more: Partial<AggregateOptions> = {},
): Promise<AggregationReport> {
  return aggregate(on, { breakdowns, workers: 1, owner: "test:1", now: () => NOW, batchDays: 4, ...more });
}

async function digestOf({ rollups }: Engine): Promise<string> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  return await canonicalDigest(rollups, live?.id ?? -1);
}

/** How many record lines' values are kept for these breakdowns. */
async function extractsOf({ rollups }: Engine, breakdowns: readonly Breakdown[]): Promise<number> {
  return (await rollups.extracts(extractDefinition(valuePlans(breakdowns)))).size;
}

it("counts what changed alone, in steps, beside the live numbers, and gives what a count from nothing gives", async () => {
  const on = watched(large);
  await count(on, DEFAULT_BREAKDOWNS);
  const before = await digestOf(on);
  on.rollups.written = [];
  const steps = new Set<string>();
  const more = { mostDays: 12, progress: ({ step }: { step: string }) => void steps.add(step) };
  const first = await count(on, CHANGED, more);
  expect(first).toMatchObject({ state: "done", days: 0, remaining: 9, restated: false });
  expect(first.breakdowns).toMatchObject({ ...NAMES, days: 12, isInUse: false });
  expect(await digestOf(on)).toBe(before);
  const stop = new AbortController();
  on.rollups.onDays = () => stop.abort();
  expect(await count(on, CHANGED, { ...more, signal: stop.signal })).toMatchObject({ state: "interrupted" });
  expect(await digestOf(on)).toBe(before);
  const last = await count(on, CHANGED, more);
  expect(last).toMatchObject({ state: "done", days: 0, scopes: 0, remaining: 0, restated: true, failures: [] });
  expect(last.breakdowns).toMatchObject({ ...NAMES, isInUse: true });
  expect(new Set(on.rollups.written)).toEqual(new Set(["beside days", "beside records"]));
  expect([...steps].filter((step) => /usage|ledger/.test(step))).toEqual(
    ["ledger", "usage"].map((step) => `${step} of referrers, versions, resource_types, subjects`),
  );
  expect(await digestOf(on)).toBe(await digestFrom(large, CHANGED));
  expect(await on.rollups.generations()).toHaveLength(1);
  const kept = [DEFAULT_BREAKDOWNS, CHANGED].map(async (all) => await extractsOf(on, all));
  expect(await Promise.all(kept)).toEqual([0, (await large.facts.summary()).records]);
  on.rollups.written = [];
  expect(await count(on, CHANGED)).toMatchObject({ state: "done", days: 0, scopes: 0, breakdowns: null });
  expect(on.rollups.written).toEqual([]);
});

it("writes no number where breakdowns are only taken away, listed otherwise, or cut at another length", async () => {
  const on = watched(small);
  await count(on, DEFAULT_BREAKDOWNS);
  on.rollups.written = [];
  const fewer = DEFAULT_BREAKDOWNS.filter(({ name }) => name !== "funders");
  expect(await count(on, fewer)).toMatchObject({ restated: true, breakdowns: { removed: ["funders"], days: 0 } });
  const otherwise = fewer.toReversed().map((breakdown) => ({ ...breakdown, multiple: false }));
  expect(await count(on, otherwise)).toMatchObject({ restated: false, days: 0, breakdowns: { isInUse: true } });
  expect(on.rollups.written).toEqual([]);
  expect(await on.rollups.restatements()).toHaveLength(1);
  expect(await digestOf(on)).toBe(await digestFrom(small, otherwise));
});

it("waits where the part does not reach as far as the live numbers", async () => {
  const on = watched(small);
  await count(on, DEFAULT_BREAKDOWNS);
  const early = { endDay: "2025-03-11" as Day };
  expect(await count(on, CHANGED, early)).toMatchObject({ state: "done", breakdowns: { isInUse: false } });
  expect(await count(on, CHANGED)).toMatchObject({ restated: true, breakdowns: { isInUse: true } });
  expect(await digestOf(on)).toBe(await digestFrom(small, CHANGED));
});

it("takes facts along that came since the live numbers were counted", async () => {
  const on = watched(small);
  await count(on, DEFAULT_BREAKDOWNS, { endDay: "2025-03-10" as Day });
  const report = await count(on, CHANGED);
  expect(report).toMatchObject({ state: "done", days: 2, restated: true, through: "2025-03-19" });
  expect(await digestOf(on)).toBe(await digestFrom(small, CHANGED));
});

it("begins anew when the configuration changes again, and drops what was begun when it is taken back", async () => {
  const on = watched(small);
  await count(on, DEFAULT_BREAKDOWNS);
  const before = await digestOf(on);
  await count(on, CHANGED, { mostDays: 1 });
  expect(await on.rollups.generations()).toHaveLength(2);
  await count(on, DEFAULT_BREAKDOWNS);
  expect(await on.rollups.generations()).toHaveLength(1);
  expect(await digestOf(on)).toBe(before);
  await count(on, [...DEFAULT_BREAKDOWNS, versions], { mostDays: 1 });
  await count(on, CHANGED);
  expect(await digestOf(on)).toBe(await digestFrom(small, CHANGED));
});
