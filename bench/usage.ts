import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_BREAKDOWNS } from "../packages/contract/src/breakdowns.ts";
import { dayFromNumber } from "../packages/contract/src/days.ts";
import { aggregate, type AggregationReport } from "../packages/service/src/aggregate/runner.ts";
import { openEngine } from "../packages/service/src/app.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { ingestFiles } from "../packages/service/src/ingest/ingest.ts";
import { Queries } from "../packages/service/src/query/queries.ts";
import { OPERATOR } from "../packages/service/src/query/scopes.ts";
import { writeEventLines } from "./event-lines.ts";
import { allRecords, communityLine, communityName, eventBatch, recordLine } from "./fact-lines.ts";
import { naiveSeconds } from "./naive-sql.ts";
import { liveFigures } from "./live.ts";
import type { Figure } from "./report.ts";
import { benchDays, FIRST_DAY, oneMoreDay, type Workload } from "./workload.ts";

const MORE_EVENTS = 27_000;
const SERIES_RUNS = 40;

/** Files → facts → rollups → series of one year on the embedded engine, each with its budget. */
export async function usageBench(workload: Workload, dataDir: string): Promise<readonly Figure[]> {
  const engine = await openEngine({ name: "embedded", dataDir });
  try {
    const records = allRecords(workload);
    await engine.facts.append({
      communities: Array.from({ length: workload.communities }, (_, index) => communityLine(index + 1)),
      records: records.map(recordLine),
    });
    const ingested = await ingestYear(engine, workload, dataDir);
    const last = FIRST_DAY + workload.days - 1;
    const counted = await timed(() => count(engine, dataDir, last, 1));
    const naive = await naiveSeconds(dataDir);
    await engine.facts.append({ events: eventBatch(records, oneMoreDay(workload, MORE_EVENTS)) });
    const more = await timed(() => count(engine, dataDir, last + 1, 1));
    return [
      ...ingested,
      limit("facts → stored rollups, one thread", counted, "s", countingBudget(workload.events)),
      { name: "peak memory so far", value: process.resourceUsage().maxRSS / 1024, unit: "MB" },
      { name: "plain SQL: one breakdown of one scope", value: naive, unit: "s" },
      { name: "rollups on disk", value: (await engine.rollups.size()) / 1e6, unit: "MB" },
      limit(`one more day of ${MORE_EVENTS} events`, more, "s", 0.5),
      ...(await seriesFigures(engine)),
      ...(await liveFigures(workload, join(dataDir, "live"))),
    ];
  } finally {
    await engine.close();
  }
}

async function ingestYear(engine: Engine, workload: Workload, dataDir: string): Promise<readonly Figure[]> {
  const path = join(dataDir, "events.ndjson.gz");
  const written = await writeEventLines(path, allRecords(workload), benchDays(workload));
  const seconds = await timed(() =>
    ingestFiles({ files: [path], facts: engine.facts, rejectsDir: join(dataDir, "rejects"), now: Date.now }),
  );
  const { bytes } = await engine.facts.summary();
  return [
    { name: "events", value: written.events, unit: "" },
    { name: "compressed input", value: (await stat(path)).size / 1e6, unit: "MB" },
    {
      ...limit("ingest NDJSON.gz → facts", written.events / seconds, "events/s", 150_000),
      limit: { kind: "least", value: 150_000 },
    },
    limit("facts of raw NDJSON", (100 * bytes) / written.bytes, "%", 20),
  ];
}

async function count(engine: Engine, dataDir: string, last: number, workers: number): Promise<AggregationReport> {
  const report = await aggregate(engine, {
    breakdowns: DEFAULT_BREAKDOWNS,
    endDay: dayFromNumber(last),
    workers,
    dataDir,
    owner: "bench",
    now: Date.now,
    signal: new AbortController().signal,
  });
  if (report.state !== "done") throw new Error(`the aggregation ended as ${JSON.stringify(report.failures)}`);
  return report;
}

/** A new `Queries` each time: nothing is remembered. */
async function seriesFigures(engine: Engine): Promise<readonly Figure[]> {
  const from = dayFromNumber(FIRST_DAY);
  const times: number[] = [];
  for (let run = 0; run < SERIES_RUNS; run++) {
    const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: Date.now });
    const given = {
      community_id: run % 2 === 0 ? "global" : communityName(1 + (run % 7)),
      start_date: from,
      end_date: dayFromNumber(FIRST_DAY + 364),
      shape: "columns",
      granularity: "day",
      metrics: ["views", "downloads"],
      ...(run % 4 < 2 ? {} : { breakdowns: ["resource_types"], top: 10 }),
    };
    times.push(
      1000 * (await timed(async () => queries.run(await queries.plan("usage-delta-category", given, OPERATOR)))),
    );
  }
  const ordered = times.toSorted((a, b) => a - b);
  return [limit("series of a year, uncached, p95", ordered[Math.floor(SERIES_RUNS * 0.95)] ?? 0, "ms", 20)];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** 30 s for ten million events; a smaller run gets its share, so that it cannot pass for the whole. */
function countingBudget(events: number): number {
  return (30 * events) / 10_000_000;
}

function limit(name: string, value: number, unit: string, most: number): Figure {
  return { name, value, unit, limit: { kind: "most", value: most } };
}
