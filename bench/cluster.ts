/**
 * The engine of several machines on one OpenSearch and one Redis of this machine, beside the embedded engine on the same events. All of
 * it shares the cores with OpenSearch, so the figures are lower bounds.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_BREAKDOWNS } from "../packages/contract/src/breakdowns.ts";
import { dayFromNumber, type DayNumber } from "../packages/contract/src/days.ts";
import { aggregate, type AggregationReport } from "../packages/service/src/aggregate/runner.ts";
import { type EngineSpec, openEngine } from "../packages/service/src/app.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { ClusterUnderTest } from "./cluster-servers.ts";
import { Hand } from "./cluster-worker.ts";
import { allRecords, communityLine, eventBatch, recordLine } from "./fact-lines.ts";
import { migrationFigure } from "./migration.ts";
import { p95, seriesTimes } from "./reading.ts";
import type { Figure } from "./report.ts";
import { benchDays, type BenchRecord, FIRST_DAY, type Workload } from "./workload.ts";

/** As large as ends in ten minutes: with fewer events a day most of the work is OpenSearch's, on the cores of the workers. */
export const CLUSTER_FULL: Workload = { events: 10_000_000, days: 365, records: 5000, parents: 4000, communities: 100 };
export const CLUSTER_SMOKE: Workload = { events: 20_000, days: 30, records: 300, parents: 250, communities: 10 };
/** Of the events, those that are laid into indices as the repository has them, to be scrolled and harvested. */
const SCROLLED_DAYS = 20;
const READS = 60;
const MOST_KEPT_BYTES = 2 ** 33;
/** After the first count, before workers are compared. */
const WARM_UPS = 2;

export async function clusterBench(workload: Workload): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-cluster-"));
  const cluster = await ClusterUnderTest.start(folder);
  try {
    // As installed: whoever counts keeps what it has read.
    const keptDays = { folder: join(folder, "days"), maxBytes: MOST_KEPT_BYTES };
    const spec: EngineSpec = { name: "opensearch", cluster: { ...cluster.options, keptDays } };
    return [...(await onCluster(spec, cluster, workload)), ...(await onOneMachine(join(folder, "embedded"), workload))];
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function onCluster(spec: EngineSpec, cluster: ClusterUnderTest, workload: Workload): Promise<readonly Figure[]> {
  const records = allRecords(workload);
  const engine = await openEngine(spec);
  try {
    const facts = await filled(engine, workload, records);
    return [
      ...named("cluster", facts),
      ...(await storedFigures(cluster, workload, "facts", ["facts"])),
      ...(await scanFigures(cluster, { workload, records })),
      ...(await rebuilds(engine, { spec, cluster, workload })),
      ...(await storedFigures(cluster, workload, "numbers", ["numbers-*", "rollups"])),
      ...(await seriesFigures(engine, cluster)),
      await migrationFigure(engine),
      // Last: these are other events, which join the facts.
      {
        name: "cluster: taking the repository's events over",
        value: await cluster.harvestRate(engine),
        unit: "events/s",
      },
    ];
  } finally {
    await engine.close();
  }
}

async function onOneMachine(dataDir: string, workload: Workload): Promise<readonly Figure[]> {
  const engine = await openEngine({ name: "embedded", dataDir });
  try {
    const facts = await filled(engine, workload, allRecords(workload));
    const scan = await scanned(engine, workload);
    const { usage = 0, ...rest } = (await counted(engine, { workload, trial: 1, dataDir })).seconds;
    return [
      ...named("embedded", facts),
      { name: "embedded: scan of the days", value: scan, unit: "events/s" },
      { name: "embedded: counting the days, one thread", value: workload.events / usage, unit: "events/s" },
      { name: "embedded: the other steps", value: sum(Object.values(rest)), unit: "s" },
      { name: "embedded: series of a year, uncached, p95", value: p95(await seriesTimes(engine, READS)), unit: "ms" },
    ];
  } finally {
    await engine.close();
  }
}

/** Events a second that are taken. */
async function filled(engine: Engine, workload: Workload, records: readonly BenchRecord[]): Promise<number> {
  await engine.facts.append({
    communities: Array.from({ length: workload.communities }, (_, index) => communityLine(index + 1)),
    records: records.map(recordLine),
  });
  let seconds = 0;
  for (const day of benchDays(workload)) {
    const batch = eventBatch(records, day);
    seconds += await timed(() => engine.facts.append({ events: batch }));
  }
  return workload.events / seconds;
}

function named(engine: string, value: number): readonly Figure[] {
  return [{ name: `${engine}: events taken into facts`, value, unit: "events/s" }];
}

async function scanFigures(
  cluster: ClusterUnderTest,
  { workload, records }: { readonly workload: Workload; readonly records: readonly BenchRecord[] },
): Promise<readonly Figure[]> {
  const days = Array.from(benchDays(workload)).slice(0, SCROLLED_DAYS);
  const laid = await cluster.layEvents(records, days);
  const [scan, scroll] = [await clusterScan(cluster, workload), await cluster.scrollRate()];
  return [
    { name: "cluster: events in indices as the repository has them", value: laid, unit: "" },
    { name: "cluster: bare scroll of the fields that are counted, two slices", value: scroll, unit: "events/s" },
    { name: "cluster: scan of the days", value: scan, unit: "events/s" },
    {
      ...most("cluster: scan of the days, of a bare scroll", (100 * scan) / scroll, "%", 80),
      limit: { kind: "least", value: 80 },
    },
  ];
}

/** As `scanned`, by somebody who keeps nothing; the second of two. */
async function clusterScan(cluster: ClusterUnderTest, workload: Workload): Promise<number> {
  const engine = await openEngine({ name: "opensearch", cluster: cluster.options });
  try {
    await scanned(engine, workload);
    return await scanned(engine, workload);
  } finally {
    await engine.close();
  }
}

/** Events a second of a scan of all days. */
async function scanned({ facts }: Engine, workload: Workload): Promise<number> {
  const days = Array.from({ length: workload.days }, (_, day) => (FIRST_DAY + day) as DayNumber);
  let events = 0;
  const seconds = await timed(async () => {
    for await (const day of facts.events(days)) events += day.count;
  });
  if (events !== workload.events) throw new Error(`${events} of ${workload.events} events were scanned`);
  return events / seconds;
}

async function seriesFigures(engine: Engine, cluster: ClusterUnderTest): Promise<readonly Figure[]> {
  const before = await cluster.requests();
  const times = await seriesTimes(engine, READS);
  const asked = (await cluster.requests()) - before;
  return [
    most("cluster: series of a year, uncached, p95", p95(times), "ms", 50),
    // One is the series; looks at the state and at who may be told of are shared by all within a quarter of a second.
    { name: "cluster: series of a year, uncached, operations of OpenSearch", value: asked / READS, unit: "" },
  ];
}

interface Rebuild {
  readonly spec: EngineSpec;
  readonly cluster: ClusterUnderTest;
  readonly workload: Workload;
}

/** OpenSearch compiles itself for minutes, and whoever comes later gains by it: so first some that do not count, then in turn, and the better of two each. */
async function rebuilds(engine: Engine, { spec, cluster, workload }: Rebuild): Promise<readonly Figure[]> {
  const trials = trialsOf(engine, workload);
  const first = await trials.next();
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await trials.next();
  const [before, searchBefore, ownBefore] = [await cluster.requests(), cluster.searchSeconds(), process.cpuUsage()];
  const one = await trials.next();
  const { user, system } = process.cpuUsage(ownBefore);
  const asked = (await cluster.requests()) - before;
  const searched = cluster.searchSeconds() - searchBefore;
  const hand = await Hand.start(spec);
  const shared: AggregationReport[] = [];
  let handMegabytes: number;
  try {
    shared.push(await trials.next(), await trials.next());
    handMegabytes = await hand.megabytes();
  } finally {
    await hand.stop();
  }
  const alone = usageSeconds(one, await trials.next());
  const together = usageSeconds(...shared);
  return [
    { name: "cluster: first count, all steps", value: sum(Object.values(first.seconds)), unit: "s" },
    ...Object.entries(one.seconds).map(([step, value]) => ({
      name: `cluster: a year anew, ${step}`,
      value,
      unit: "s",
    })),
    { name: "cluster: a year anew, operations of OpenSearch", value: asked, unit: "" },
    { name: "cluster: a year anew, processor time of the run", value: (user + system) / 1e6, unit: "s" },
    { name: "cluster: a year anew, processor time of OpenSearch", value: searched, unit: "s" },
    { name: "cluster: counting the days, one worker", value: workload.events / alone, unit: "events/s" },
    { name: "cluster: counting the days, two workers", value: workload.events / together, unit: "events/s" },
    {
      ...most("cluster: two workers are faster", alone / together, "times", 1.6),
      limit: { kind: "least", value: 1.6 },
    },
    { name: "cluster: peak memory of a worker", value: handMegabytes, unit: "MB" },
    { name: "cluster: peak memory of the run", value: process.resourceUsage().maxRSS / 1024, unit: "MB" },
  ];
}

/** Counts of all days anew, each beside the numbers before. */
function trialsOf(engine: Engine, workload: Workload): { readonly next: () => Promise<AggregationReport> } {
  let trial = 0;
  return { next: () => counted(engine, { workload, trial: trial++, dataDir: undefined }) };
}

/** Of the fastest. */
function usageSeconds(...reports: readonly AggregationReport[]): number {
  return Math.min(...reports.map(({ seconds }) => seconds["usage"] ?? 0));
}

interface Count {
  readonly workload: Workload;
  /** Rules of another name: everything is written anew, beside the numbers before. */
  readonly trial: number;
  readonly dataDir: string | undefined;
}

async function counted(engine: Engine, { workload, trial, dataDir }: Count): Promise<AggregationReport> {
  const report = await aggregate(engine, {
    breakdowns: DEFAULT_BREAKDOWNS,
    lists: { trial: String(trial) },
    endDay: dayFromNumber((FIRST_DAY + workload.days - 1) as DayNumber),
    workers: 1,
    ...(dataDir === undefined ? {} : { dataDir }),
    owner: "bench",
    now: Date.now,
  });
  if (report.state !== "done") throw new Error(`the aggregation ended as ${JSON.stringify(report)}`);
  return report;
}

async function storedFigures(
  cluster: ClusterUnderTest,
  workload: Workload,
  what: string,
  kinds: readonly string[],
): Promise<readonly Figure[]> {
  const bytes = await cluster.storedBytes(kinds);
  return [{ name: `cluster: ${what} in OpenSearch`, value: bytes / workload.events, unit: "B/event" }];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function most(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value, unit, limit: { kind: "most", value: limit } };
}
