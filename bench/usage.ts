import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { openEngine } from "../packages/service/src/app.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { ingestFiles } from "../packages/service/src/ingest/ingest.ts";
import { parseRate, scanSeconds } from "./calibration.ts";
import { comparedRows } from "./comparison.ts";
import { counted, type CountingJob, type CountingResult } from "./counting.ts";
import { writeEventLines } from "./event-lines.ts";
import { allRecords, communityLine, eventBatch, recordLine } from "./fact-lines.ts";
import { type NaiveRun, naiveRun } from "./naive-sql.ts";
import { p95, pageTimes, seriesTimes } from "./reading.ts";
import type { Figure } from "./report.ts";
import { type BenchDay, benchDays, type BenchRecord, FIRST_DAY, oneMoreDay, type Workload } from "./workload.ts";

const MORE_EVENTS = 27_000;
const RUNS = 40;
/** Series until the code that makes them is compiled: the budget is for a server at work. */
const WARMING = 20;
/** Days on which plain SQL is measured, spread over the year. */
const NAIVE_DAYS = 12;

interface UsageRun {
  readonly workload: Workload;
  readonly dataDir: string;
  readonly records: readonly BenchRecord[];
  readonly last: number;
}

/** Files → facts → rollups → answers on the embedded engine, each with its budget. */
export async function usageBench(workload: Workload, dataDir: string): Promise<readonly Figure[]> {
  const run = { workload, dataDir, records: allRecords(workload), last: FIRST_DAY + workload.days - 1 };
  const ingested = await withEngine(run, (engine) => ingestYear(engine, run));
  const calibration = await calibrate(run);
  const two = await countedOnce({ dataDir, until: [run.last], workers: 2 });
  await removeRollups(dataDir);
  const one = await countedOnce({ dataDir, until: [run.last], workers: 1 });
  return [
    ...ingested,
    ...calibration,
    ...countingFigures(workload, one, two),
    ...(await withEngine(run, (engine) => compareWithSql(engine, run, two))),
    ...(await oneMore(run)),
    ...(await withEngine(run, (engine) => readingFigures(engine, run))),
  ];
}

async function withEngine<T>({ dataDir }: UsageRun, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine({ name: "embedded", dataDir });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

async function ingestYear(engine: Engine, { workload, dataDir, records }: UsageRun): Promise<readonly Figure[]> {
  await engine.facts.append({
    communities: Array.from({ length: workload.communities }, (_, index) => communityLine(index + 1)),
    records: records.map(recordLine),
  });
  const path = eventsFile(dataDir);
  const written = await writeEventLines(path, records, benchDays(workload));
  const seconds = await timed(() =>
    ingestFiles({ files: [path], facts: engine.facts, rejectsDir: join(dataDir, "rejects"), now: Date.now }),
  );
  const { bytes } = await engine.facts.summary();
  return [
    { name: "events", value: written.events, unit: "" },
    { name: "compressed input", value: (await stat(path)).size / 1e6, unit: "MB" },
    {
      ...most("ingest NDJSON.gz → facts", written.events / seconds, "events/s", 150_000),
      limit: { kind: "least", value: 150_000 },
    },
    most("facts of raw NDJSON", (100 * bytes) / written.bytes, "%", 20),
    { name: "facts on disk", value: bytes / written.events, unit: "B/event" },
  ];
}

async function calibrate({ dataDir }: UsageRun): Promise<readonly Figure[]> {
  return [
    { name: "this machine: bare scan of the columns counted", value: await scanSeconds(dataDir), unit: "s" },
    {
      name: "this machine: gunzip and JSON.parse",
      value: await parseRate(eventsFile(dataDir), 200_000),
      unit: "lines/s",
    },
  ];
}

function countingFigures(workload: Workload, one: CountingResult, two: CountingResult): readonly Figure[] {
  const share = workload.events / 10_000_000;
  return [
    most("facts → stored rollups, one thread", one.seconds, "s", 30 * share),
    { name: "the same in processor time", value: one.cpuSeconds, unit: "s" },
    ...Object.entries(one.steps).map(([step, value]) => ({ name: `of it: ${step}`, value, unit: "s" })),
    most("facts → stored rollups, two threads", two.seconds, "s", 18 * share),
    most("peak memory of counting, one thread", one.peakMegabytes, "MB", 600),
    most("peak memory of counting, two threads", two.peakMegabytes, "MB", 600),
  ];
}

/** Both on two threads; plain SQL on some days, its time by its share of the events. */
async function compareWithSql(engine: Engine, run: UsageRun, two: CountingResult): Promise<readonly Figure[]> {
  const { workload, dataDir, records } = run;
  const step = Math.max(1, Math.floor(workload.days / NAIVE_DAYS));
  const days = Array.from({ length: workload.days }, (_, day) => FIRST_DAY + day).filter((_, day) => day % step === 0);
  const naive: NaiveRun = await naiveRun(engine, { dataDir, records, days });
  try {
    const seconds = (naive.seconds * workload.events) / naive.events;
    const faster = { kind: "least", value: 4 } as const;
    return [
      { name: `plain SQL, all breakdowns and scopes, ${days.length} days`, value: naive.seconds, unit: "s" },
      { name: "plain SQL for all days, by its share of the events", value: seconds, unit: "s" },
      { name: "counting is faster, both on two threads", value: seconds / two.seconds, unit: "times", limit: faster },
      { name: "rows of plain SQL equal to the stored ones", value: await comparedRows(engine, naive), unit: "" },
    ];
  } finally {
    naive.close();
  }
}

async function countedOnce(job: CountingJob): Promise<CountingResult> {
  const [result] = await counted(job);
  if (result === undefined) throw new Error("nothing was counted");
  return result;
}

/** In a new process, as from a command, and in one that has counted before, as a service does every hour. */
async function oneMore(run: UsageRun): Promise<readonly Figure[]> {
  const { workload, dataDir, last } = run;
  await addEvents(run, oneMoreDay(workload, MORE_EVENTS));
  const fresh = await countedOnce({ dataDir, until: [last + 1], workers: 1 });
  // A late visit on either of two days makes them dirty; the first is there to be counted before the other.
  await addEvents(run, oneMoreDay({ ...workload, days: workload.days - 1 }, 2, MORE_EVENTS));
  await addEvents(run, oneMoreDay(workload, 2, 2 * MORE_EVENTS));
  const [, again] = await counted({ dataDir, until: [last, last + 1], workers: 1 });
  if (again === undefined) throw new Error("the second run counted nothing");
  return [
    most(`one more day of ${MORE_EVENTS} events, process at work`, again.seconds, "s", 0.5),
    most(`one more day of ${MORE_EVENTS} events, new process`, fresh.seconds, "s", 0.5),
    { name: "one more day, new process: processor time", value: fresh.cpuSeconds, unit: "s" },
  ];
}

async function addEvents(run: UsageRun, day: BenchDay): Promise<void> {
  await withEngine(run, (engine) => engine.facts.append({ events: eventBatch(run.records, day) }));
}

async function readingFigures(engine: Engine, { workload, last }: UsageRun): Promise<readonly Figure[]> {
  const size = await engine.rollups.size();
  const [first = 0] = await seriesTimes(engine, WARMING);
  return [
    { name: "rollups on disk", value: size / 1e6, unit: "MB" },
    { name: "rollups on disk", value: size / workload.events, unit: "B/event" },
    { name: "series of a year, uncached, the first of a process", value: first, unit: "ms" },
    most("series of a year, uncached, p95", p95(await seriesTimes(engine, RUNS)), "ms", 20),
    most("default dashboard page, all its data, p95", p95(await pageTimes(engine, last, RUNS)), "ms", 100),
  ];
}

async function removeRollups(dataDir: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) await rm(join(dataDir, `rollups.sqlite${end}`), { force: true });
}

function eventsFile(dataDir: string): string {
  return join(dataDir, "events.ndjson.gz");
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

function most(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value, unit, limit: { kind: "most", value: limit } };
}
